#!/usr/bin/env bash
# Checks everything: formatting, builds without warnings, every .NET test, the screen's tests and the browser's.
# Ends with one line: N passed, N failed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"

usage() {
  cat <<'USAGE'
Usage: ./test.sh [options]

  --long       also the full counts that the ordinary run only samples (sets JARVIS_LONG=1)
  -h, --help   this text
USAGE
}

while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --long) export JARVIS_LONG=1 ;;
    *)
      echo "test.sh: unknown option: $1" >&2
      usage >&2
      exit 2
      ;;
  esac
  shift
done

# ── what must be installed ────────────────────────────────────────────────────────────────────────────────────────
fail() {
  echo "test.sh: $1" >&2
  exit 1
}

command -v dotnet >/dev/null || fail "the .NET SDK 10 is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
node_wanted="Node 20.19 or later of 20, or 22.12 or later"
command -v node >/dev/null || fail "$node_wanted, is not installed: https://nodejs.org/"
command -v npm >/dev/null || fail "npm is not installed; it comes with Node: https://nodejs.org/"
node=$(node --version)
IFS=. read -r major minor _ <<<"${node#v}"
((major == 20 && minor >= 19 || major == 22 && minor >= 12 || major > 22)) || fail "$node_wanted, is needed, found $node"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 CI=${CI:-true}
results="$root/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

passed=0 failed=0 skipped=0
broken=()
started=$SECONDS

heading() { printf '\n── %s (%d s)\n' "$1" "$((SECONDS - started))"; }

# a step that has no tests of its own, but must succeed
step() {
  heading "$1"
  shift
  "$@" </dev/null || {
    echo "test.sh: this step failed: $*" >&2
    broken+=("$*")
    return 1
  }
}

# tally NAME EXIT_CODE PASSED FAILED SKIPPED
tally() {
  local name=$1 code=$2 ok=$3 bad=$4 skip=$5
  printf '   %-22s %5d passed, %d failed, %d skipped\n' "$name" "$ok" "$bad" "$skip"
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
  if ((bad == 0 && code != 0)); then broken+=("$name ended with exit code $code"); fi
  if ((ok + bad == 0)); then broken+=("$name ran no tests"); fi
}

finish() {
  echo
  for what in "${broken[@]+"${broken[@]}"}"; do echo "broken: $what"; done
  failed=$((failed + ${#broken[@]}))
  if ((skipped)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
  ((failed == 0 && passed > 0))
  exit
}

# ── programs that tests drive ─────────────────────────────────────────────────────────────────────────────────────

missing=()
for package in chromium sqlite3 fence-agents ansible python3-proxmoxer python3-requests; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if ((${#missing[@]})); then
  heading "installing ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then as_root=(sudo -n); fi
  if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    "${as_root[@]}" apt-get update -qq </dev/null >"$results/apt.log" 2>&1 || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >>"$results/apt.log" 2>&1 \
      || { tail -5 "$results/apt.log"; broken+=("apt-get install ${missing[*]}"); }
  else
    echo "Missing, and not root to install them: apt-get install ${missing[*]}" >&2
    broken+=("missing Debian packages: ${missing[*]}")
  fi
fi

# ── .NET ──────────────────────────────────────────────────────────────────────────────────────────────────────────
step "restoring" dotnet restore Jarvis.slnx --locked-mode -v quiet || finish
step "building" dotnet build Jarvis.slnx --no-restore -v quiet -clp:ErrorsOnly -warnaserror || finish
# the rules of style are errors of the build above
step "formatting" dotnet format whitespace Jarvis.slnx --no-restore --verify-no-changes || true

# ── the screen ────────────────────────────────────────────────────────────────────────────────────────────────────
cd "$root/web"
step "installing the screen's packages" npm ci --no-audit --no-fund --loglevel=error || finish
step "checking the screen" npm run --silent check || true
step "building the screen" npm run --silent build -- --logLevel warn || finish
cd "$root"

# ── programs of others that speak MCP with the server ─────────────────────────────────────────────────────────────
step "installing clients of MCP" npm ci --prefix tests/McpHost --no-audit --no-fund --loglevel=error || finish

# ── .NET tests: each project is a program that ends with a line of counts ─────────────────────────────────────────
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  heading "$name"
  log="$results/$name.log"
  code=0
  timeout --kill-after=10 900 "artifacts/bin/$name/debug/Jarvis.$name" -noColor -noLogo -result-trx "$results/$name.trx" \
    </dev/null >"$log" 2>&1 || code=$?
  counts=$(sed -n 's/^ *Jarvis\.[^ ]* *Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\), Not Run: \([0-9]*\).*/\1 \2 \3 \4 \5/p' "$log" | tail -1)
  read -r total errors bad skip not_run <<<"${counts:-0 0 0 0 0}"
  if ((code != 0)); then grep -v '^ *\(Discover\|Starting\|Finished\)' "$log" | tail -120; fi
  tally "$name" "$code" "$((total - bad - skip - not_run))" "$((bad + errors))" "$((skip + not_run))"
done

# ── the gate with one check taken out at a time: its tests notice each ────────────────────────────────────────────
if [[ -n ${JARVIS_LONG:-} ]]; then
  heading "patches"
  code=0
  timeout --kill-after=10 3000 tests/patches.sh </dev/null >"$results/patches.log" 2>&1 || code=$?
  if ((code != 0)); then grep -v '^caught ' "$results/patches.log" | tail -60; fi
  read -r ok bad <<<"$(sed -n 's/^\([0-9]*\) caught, \([0-9]*\) not caught$/\1 \2/p' "$results/patches.log")"
  tally patches "$code" "${ok:-0}" "${bad:-0}" 0
fi

# ── server against simulator on one fast clock, with faults: a day in ten minutes, or its short form ──────────────
heading "soak"
code=0
minutes=1
if [[ -n ${JARVIS_LONG:-} ]]; then minutes=10; fi
timeout --kill-after=10 900 artifacts/bin/Bench/debug/Jarvis.Bench --soak --built debug --minutes "$minutes" \
  </dev/null >"$results/soak.log" 2>&1 || code=$?
if ((code != 0)); then tail -60 "$results/soak.log"; fi
if ((code == 0)); then tally soak 0 1 0 0; else tally soak 0 0 1 0; fi

# ── the screen's tests ────────────────────────────────────────────────────────────────────────────────────────────
# count FILE FIELDS…: each field an expression over the report r
count() {
  node -e '
    const [file, ...fields] = process.argv.slice(1);
    const r = JSON.parse(require("fs").readFileSync(file, "utf8"));
    console.log(fields.map((f) => f.split("+").reduce((sum, key) => sum + (key.split(".").reduce((o, k) => o[k], r) ?? 0), 0)).join(" "));
  ' "$@" 2>/dev/null || echo "0 0 0"
}

heading "screen"
code=0
(cd web && timeout --kill-after=10 300 npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json") \
  </dev/null >"$results/vitest.log" 2>&1 || code=$?
if ((code != 0)); then tail -80 "$results/vitest.log"; fi
read -r ok bad skip <<<"$(count "$results/vitest.json" numPassedTests numFailedTests numPendingTests+numTodoTests)"
tally screen "$code" "$ok" "$bad" "$skip"

# browser NAME PROJECT SECONDS: one project of web/playwright.config.ts
browser() {
  local name=$1 project=$2 seconds=$3 code=0 ok bad skip
  heading "$name"
  (cd web && PLAYWRIGHT_JSON_OUTPUT_NAME="$results/$project.json" timeout --kill-after=10 "$seconds" npx --no-install playwright test --project="$project" --reporter=list,json) \
    </dev/null >"$results/$project.log" 2>&1 || code=$?
  if ((code != 0)); then tail -120 "$results/$project.log"; fi
  read -r ok bad skip <<<"$(count "$results/$project.json" stats.expected stats.unexpected+stats.flaky stats.skipped)"
  tally "$name" "$code" "$ok" "$bad" "$skip"
}

browser browser e2e 1200
# the screen with 5 000 guests, by the clock
browser measured measured 400
# a newcomer's first minutes, from a clean clone and by the clock
browser newcomer newcomer 400
sed -n 's/^.*newcomer: \(.* after [0-9]* s\)$/   \1/p' "$results/newcomer.log"

finish
