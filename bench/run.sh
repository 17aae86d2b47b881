#!/usr/bin/env bash
# Publishes server and simulator as they would be shipped, and measures them as separate processes.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'USAGE'
Usage: bench/run.sh [options]

Prints a table of figures beside their bounds (bench/bounds.tsv) and fails beyond them.

  --check         measure everything in full and write docs/performance.md
  --only NAME     one scenario or figure; --list names them
  --quick         shorter: 40 s a cell instead of 2 min, three repetitions instead of five
  --soak          a day in ten minutes, with faults, instead of the figures
  --lighthouse    measure the screen instead: Lighthouse on every page, the main thread at 5 000 guests;
                  writes docs/screen-performance.md
  --phone         with --lighthouse: the first load as on a slow phone alone; writes nothing
  --minutes N     how long the soak lasts (default 10)
  --no-build      measure what was published last
  --list          the names of all scenarios and figures
  -h, --help      this text
USAGE
}

build=yes
lighthouse=
phone=()
arguments=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --no-build) build=no ;;
    --lighthouse) lighthouse=yes ;;
    --phone) phone=(--phone) ;;
    --check | --quick | --soak | --list) arguments+=("$1") ;;
    --only | --minutes)
      (($# >= 2)) || { echo "bench/run.sh: $1 needs a value" >&2; exit 2; }
      arguments+=("$1" "$2")
      shift
      ;;
    *)
      echo "bench/run.sh: unknown option: $1" >&2
      usage >&2
      exit 2
      ;;
  esac
  shift
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
cd "$root"
bench="$root/artifacts/bin/Bench/release/Jarvis.Bench"
if [[ $build == yes ]]; then
  mkdir -p artifacts/locks artifacts/bench
  # The server takes the screen along when it is published.
  (
    cd web
    [[ -d node_modules ]] || npm ci --no-audit --no-fund --loglevel=error
    npm run --silent build >/dev/null
  )
  for program in Server Simulator; do
    dotnet publish "src/$program/$program.csproj" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true \
      -o "artifacts/bench/${program,,}" -v quiet -clp:ErrorsOnly
  done
  [[ $lighthouse == yes ]] || dotnet build bench/Bench.csproj -c Release -v quiet -clp:ErrorsOnly
fi

JARVIS_COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
if [[ -n $(git status --porcelain --untracked-files=no 2>/dev/null) ]]; then JARVIS_COMMIT+=" with changes"; fi
export JARVIS_COMMIT
if [[ $lighthouse == yes ]]; then
  ((${#arguments[@]} == 0)) || { echo "bench/run.sh: --lighthouse goes with --phone and --no-build alone" >&2; exit 2; }
  # Packages of its own, so that the screen's installation stays small.
  [[ -d bench/lighthouse/node_modules ]] || (cd bench/lighthouse && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
  exec node bench/lighthouse/run.mjs "${phone[@]+"${phone[@]}"}"
fi
((${#phone[@]} == 0)) || { echo "bench/run.sh: --phone goes with --lighthouse" >&2; exit 2; }
exec "$bench" "${arguments[@]+"${arguments[@]}"}"
