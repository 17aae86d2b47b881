#!/usr/bin/env bash
# Takes one check out of the safety gate at a time, in a copy of it, and sees that its tests notice.
# Each of tests/Safety.Tests/Patches says in its first line what it drops, which cases of the gate that breaks, and which
# test classes are to find out. Ends with one line: N caught, N not caught.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

usage() {
  cat <<'USAGE'
Usage: tests/patches.sh [--check] [NAME...]

  --check      only see that each still applies
  NAME         those whose file names begin so; all of them when none is given
  -h, --help   this text
USAGE
}

check=
names=()
while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --check) check=1 ;;
    -*)
      echo "patches.sh: unknown option: $1" >&2
      usage >&2
      exit 2
      ;;
    *) names+=("$1") ;;
  esac
  shift
done

folder=tests/Safety.Tests/Patches
patches=()
for name in "${names[@]:-}"; do
  for file in "$folder/$name"*.patch; do
    [[ -e $file ]] || { echo "patches.sh: no patch in $folder begins with $name" >&2; exit 2; }
    patches+=("$root/$file")
  done
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# not a part of whatever repository it may lie in
export GIT_CEILING_DIRECTORIES=$work

# copy FOLDER: what is built of the gate
copy() {
  mkdir -p "$1/src"
  cp -r Directory.Build.props Directory.Packages.props global.json .editorconfig eng "$1"
  cp -r src/Safety "$1/src"
}

copy "$work/whole"

if [[ -n $check ]]; then
  stale=0
  cd "$work/whole"
  for patch in "${patches[@]}"; do
    git apply --check "$patch" 2>/dev/null || {
      echo "$(basename "$patch" .patch) no longer applies; mend it, or take it away with what it dropped"
      stale=$((stale + 1))
    }
  done
  echo "$((${#patches[@]} - stale)) apply, $stale do not"
  ((stale == 0))
  exit
fi

# ── the gate as it is passes its tests ────────────────────────────────────────────────────────────────────────────
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# the samples of the ordinary run are enough to notice
unset JARVIS_LONG
mkdir "$work/whole/tests"
cp -r tests/Safety.Tests "$work/whole/tests"

# build LOG PROJECT…: what a patch leaves unused, or unread, is no reason not to build it
build() {
  local log=$1
  shift
  dotnet build -v quiet -nologo "$@" -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:TreatWarningsAsErrors=false \
    -p:GenerateDocumentationFile=false </dev/null >"$log" 2>&1
}
run() {
  timeout --kill-after=5 120 "$work/whole/artifacts/bin/Safety.Tests/debug/Jarvis.Safety.Tests" -noColor -noLogo "$@" </dev/null >"$work/run.log" 2>&1
}

build "$work/whole.log" "$work/whole/tests/Safety.Tests" || { tail -20 "$work/whole.log"; echo "patches.sh: the gate itself does not build" >&2; exit 1; }
run || { tail -60 "$work/run.log"; echo "patches.sh: the gate itself does not pass its tests" >&2; exit 1; }

# ── every patched gate, built in one go ───────────────────────────────────────────────────────────────────────────
for patch in "${patches[@]}"; do
  to="$work/patched/$(basename "$patch" .patch)"
  copy "$to"
  # what was restored for the gate as it is
  mkdir -p "$to/artifacts/obj"
  cp -r "$work/whole/artifacts/obj/Safety" "$to/artifacts/obj"
  (cd "$to" && git apply "$patch") 2>"$to/apply.log" || touch "$to/stale"
done
cat >"$work/patched/all.proj" <<'XML'
<Project>
  <ItemGroup>
    <Gate Include="*/src/Safety/Safety.csproj" />
  </ItemGroup>
  <Target Name="Build">
    <MSBuild Projects="@(Gate)" Targets="Build" BuildInParallel="true" ContinueOnError="true" />
  </Target>
</Project>
XML
build "$work/patched.log" "$work/patched/all.proj" --no-restore -m:2 || true

# ── their tests ───────────────────────────────────────────────────────────────────────────────────────────────────
caught=0 missed=0

# told WHAT NAME WHY
told() {
  printf '%-10s %s: %s\n' "$@"
  if [[ $1 == caught ]]; then caught=$((caught + 1)); else missed=$((missed + 1)); fi
}

for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  from="$work/patched/$name"
  built="$from/artifacts/bin/Safety/debug/Jarvis.Safety.dll"
  read -ra named < <(sed -n '1s/.*Caught by \(.*\)\.$/\1/p' "$patch") || true
  classes=()
  for class in "${named[@]}"; do classes+=(-class "Jarvis.Safety.Tests.$class"); done
  if [[ -e $from/stale ]]; then told stale "$name" "$(head -1 "$from/apply.log")"
  elif [[ ! -e $built ]]; then told unbuilt "$name" "$(sed -n "s|^$from/\(.*: error [^[]*\).*|\1|p" "$work/patched.log" | head -1)"
  elif ((${#classes[@]} == 0)); then told unclear "$name" "its first line names no test class"
  else
    cp "$built" "$work/whole/artifacts/bin/Safety.Tests/debug"
    if run "${classes[@]}"; then told "NOT CAUGHT" "$name" "$(head -1 "$patch")"
    else
      first=$(sed -n 's/^ *Jarvis\.Safety\.Tests\.\(.*\) \[FAIL\]$/\1/p' "$work/run.log" | head -1)
      if [[ -n $first ]]; then told caught "$name" "$first"; else told broke "$name" "no test failed, but they did not end well"; fi
    fi
  fi
done

echo "$caught caught, $missed not caught"
((missed == 0))
