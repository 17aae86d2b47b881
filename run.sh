#!/usr/bin/env bash
# Builds what is stale and starts Jarvis. Needs the .NET SDK and Node, nothing else.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'USAGE'
Usage: ./run.sh [options]

The first start without options adds a simulated cluster, so that there is something to look at, until it
is removed on the screen; not when the environment names clusters (Jarvis__Clusters__0__Key).

  --port N             port (default 5080)
  --listen ADDRESS     where to listen, ADDRESS or ADDRESS:PORT (default 127.0.0.1); beyond this
                       machine it speaks TLS, by a certificate authority that it makes for itself
  --behind-proxy CIDR  a reverse proxy there ends TLS, as 10.0.0.5/32; repeat it for more
  --data DIR           where everything that is remembered lies (default ./data)
  --setup              no simulated cluster and no made password: the server prints a link to set it up
  --scenario NAME      simulated cluster of this start: homelab, three-nodes or fleet
  --cluster URL        watch a real cluster; repeat it for more nodes of the same cluster
  --token-file FILE    file with the API token, USER@REALM!NAME=SECRET (with --cluster)
  --fingerprint HEX    SHA-256 of a node's certificate; repeat it for more nodes. Leave it out
                       only if a public authority signed the certificates.
  --no-build           start what was built last
  -h, --help           this text
USAGE
}

fail() {
  echo "run.sh: $1" >&2
  exit "${2:-1}"
}

misuse() {
  echo "run.sh: $1" >&2
  echo >&2
  usage >&2
  exit 2
}

port=
address=127.0.0.1
setup=
proxies=()
data="$PWD/data"
scenario=
token_file=
build=yes
clusters=()
fingerprints=()

while (($#)); do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --no-build)
      build=no
      shift
      continue
      ;;
    --setup)
      setup=yes
      shift
      continue
      ;;
    --port | --listen | --behind-proxy | --data | --scenario | --cluster | --token-file | --fingerprint)
      [[ $# -ge 2 && -n $2 && $2 != --* ]] || misuse "$1 needs a value"
      ;;
    *) misuse "unknown option: $1" ;;
  esac
  case $1 in
    --port) port=$2 ;;
    --listen) address=$2 ;;
    --behind-proxy) proxies+=("$2") ;;
    --data) data=$2 ;;
    --scenario) scenario=$2 ;;
    --cluster) clusters+=("$2") ;;
    --token-file) token_file=$2 ;;
    --fingerprint) fingerprints+=("$2") ;;
  esac
  shift 2
done

# ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT or, without brackets, an address of IPv6
if [[ $address =~ ^\[([0-9A-Fa-f:.]+)\](:(.*))?$ ]]; then
  listen_port=${BASH_REMATCH[3]}
  address=${BASH_REMATCH[1]}
elif [[ $address =~ ^([^:]*):([^:]*)$ ]]; then
  listen_port=${BASH_REMATCH[2]}
  address=${BASH_REMATCH[1]}
else
  listen_port=
fi
[[ -z $listen_port || -z $port ]] || misuse "--listen names a port already; leave --port out"
port=${listen_port:-${port:-5080}}
[[ $address == localhost || $address =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ || $address =~ ^[0-9A-Fa-f]*:[0-9A-Fa-f:.]+$ ]] \
  || misuse "--listen must be an IP address, or one with a port as 0.0.0.0:5443, not '$address'"
for network in "${proxies[@]+"${proxies[@]}"}"; do
  [[ $network =~ ^[0-9A-Fa-f:.]+/[0-9]{1,3}$ ]] || misuse "--behind-proxy must look like 10.0.0.5/32, not '$network'"
done
if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
  misuse "--port must be a number from 1 to 65535, not '$port'"
fi
case $scenario in
  '' | homelab | three-nodes | fleet) ;;
  *) misuse "--scenario must be homelab, three-nodes or fleet, not '$scenario'" ;;
esac
[[ -z $setup || -z $scenario ]] || misuse "--setup starts without a simulated cluster; it cannot go with --scenario"
if ((${#clusters[@]})); then
  [[ -z $scenario ]] || misuse "--scenario is for the simulated cluster; it cannot go with --cluster"
  [[ -n $token_file ]] || misuse "--cluster needs --token-file"
  [[ -r $token_file ]] || fail "cannot read the token file $token_file"
  for url in "${clusters[@]}"; do
    [[ $url =~ ^https://[^/]+/?$ ]] || misuse "--cluster must look like https://host:8006, not '$url'"
  done
  for print in "${fingerprints[@]+"${fingerprints[@]}"}"; do
    bare=${print//:/}
    [[ $bare =~ ^[0-9A-Fa-f]{64}$ ]] || misuse "--fingerprint must be 64 hexadecimal digits (colons are fine), not '$print'"
  done
else
  [[ -z $token_file ]] || misuse "--token-file needs --cluster"
  ((${#fingerprints[@]} == 0)) || misuse "--fingerprint needs --cluster"
fi

# ── what must be installed ────────────────────────────────────────────────────────────────────────────────────────
command -v dotnet >/dev/null || fail "the .NET SDK 10 is not installed: https://dotnet.microsoft.com/download/dotnet/10.0"
(cd "$root" && dotnet --version) >/dev/null 2>&1 || fail "the .NET SDK $(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' "$root/global.json") or a later feature band is needed; installed: $(dotnet --list-sdks | tr '\n' ' ')"
if [[ $build == yes ]]; then
  command -v node >/dev/null || fail "Node 20.19 or later of 20, or 22.12 or later, is not installed: https://nodejs.org/"
  command -v npm >/dev/null || fail "npm is not installed; it comes with Node: https://nodejs.org/"
  node=$(node --version)
  node=${node#v}
  IFS=. read -r major minor _ <<<"$node"
  ((major == 20 && minor >= 19 || major == 22 && minor >= 12 || major > 22)) || fail "Node 20.19 or later of 20, or 22.12 or later, is needed, found $(node --version)"
fi

# ── build ─────────────────────────────────────────────────────────────────────────────────────────────────────────
web="$root/web"
server="$root/artifacts/bin/Server/release/Jarvis.Server"

if [[ $build == yes ]]; then
  if [[ ! -f $web/node_modules/.package-lock.json || $web/package-lock.json -nt $web/node_modules/.package-lock.json ]]; then
    echo "Installing the screen's packages …"
    (cd "$web" && npm ci --no-audit --no-fund --loglevel=error)
  fi
  if [[ ! -f $web/dist/index.html || -n $(find "$web" -path "$web/node_modules" -prune -o -path "$web/dist" -prune -o -path "$web/tests" -prune \
    -o -path "$web/test-results" -prune -o -type f -newer "$web/dist/index.html" -print -quit) ]]; then
    echo "Building the screen …"
    (cd "$web" && npm run --silent build -- --logLevel warn)
  fi
  echo "Building the server …"
  if ! said=$(dotnet build "$root/src/Server/Server.csproj" -c Release --nologo -v quiet 2>&1); then
    printf '%s\n' "$said" >&2
    fail "the build failed"
  fi
fi
[[ -x $server ]] || fail "nothing is built yet; run it once without --no-build"
[[ -f $web/dist/index.html ]] || fail "the screen is not built yet; run it once without --no-build"

# ── first sign-in ─────────────────────────────────────────────────────────────────────────────────────────────────
(umask 077 && mkdir -p "$data")
data=$(cd "$data" && pwd)
password_file=${JARVIS_ADMIN_PASSWORD_FILE:-$data/admin-password}
made_password=
if [[ -n ${JARVIS_ADMIN_PASSWORD_FILE:-} ]]; then
  [[ -s $password_file ]] || fail "the password file $password_file is missing or empty"
elif [[ -n $setup || -n ${Jarvis__Auth__AdminPasswordFile:-} ]]; then
  password_file=
elif [[ ! -s $password_file && -f $data/jarvis.db ]]; then
  # Somebody was set up here before: a made password would be one more way in.
  password_file=
elif [[ ! -s $password_file ]]; then
  made_password=$(head -c 512 /dev/urandom | LC_ALL=C tr -dc 'A-HJ-NP-Za-km-z2-9')
  made_password=${made_password:0:20}
  ((${#made_password} == 20)) || fail "could not make a password"
  (umask 077 && printf '%s\n' "$made_password" >"$password_file")
fi

# ── start ─────────────────────────────────────────────────────────────────────────────────────────────────────────
# Everywhere includes here; elsewhere the server answers to that address alone.
case $address in
  0.0.0.0 | localhost) here=127.0.0.1 ;;
  ::) here=::1 ;;
  *) here=$address ;;
esac
shown=$here
case $address in 0.0.0.0 | ::) shown=$(uname -n) ;; esac
[[ $shown != *:* ]] || shown="[$shown]"
scheme=http
if [[ -n ${Jarvis__Tls__CertificateFile:-} ]] || { [[ $address != 127.* && $address != ::1 && $address != localhost ]] && ((${#proxies[@]} == 0)); }; then scheme=https; fi

answers() { (exec 3<>"/dev/tcp/$here/$port") 2>/dev/null; }

# Over TLS the answer to plain HTTP says that the server is up; a server behind a proxy may refuse to speak to anybody else.
ready() (
  exec 3<>"/dev/tcp/$here/$port" || exit 1
  printf 'GET /api/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  IFS= read -r -t 5 status <&3
  [[ $status == *" 200 "* || $scheme == https && $status == *" 400 "* || ${#proxies[@]} -gt 0 && $status == *" 403 "* ]]
) 2>/dev/null

! answers || fail "port $port is in use; choose another with --port"

if [[ -n $password_file ]]; then export JARVIS_ADMIN_PASSWORD_FILE=$password_file; fi
export Jarvis__Web__Root="$web/dist"
if ((${#clusters[@]})); then
  export Jarvis__Clusters__0__Key=main
  Jarvis__Clusters__0__TokenFile=$(cd "$(dirname "$token_file")" && pwd)/$(basename "$token_file")
  export Jarvis__Clusters__0__TokenFile
  for i in "${!clusters[@]}"; do export "Jarvis__Clusters__0__Endpoints__$i=${clusters[i]%/}"; done
  for i in "${!fingerprints[@]}"; do export "Jarvis__Clusters__0__Fingerprints__$i=${fingerprints[i]//:/}"; done
elif [[ -n $scenario ]]; then
  export Jarvis__Demo__Scenario=$scenario
elif [[ -z $setup && -z ${Jarvis__Clusters__0__Key:-} && ! -f $data/jarvis.db ]]; then
  # Kept as one that was added on the screen: from now on it comes back by itself, until somebody removes it.
  scenario=homelab
  export Jarvis__Demo__First=$scenario
fi

server_pid=
# shellcheck disable=SC2317  # called by the traps
stop() {
  trap '' INT TERM
  if [[ -n $server_pid ]]; then
    kill -TERM "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

arguments=(--Server:Address "$address" --Server:Port "$port" --Data:Folder "$data")
if ((${#proxies[@]})); then
  arguments+=(--behind-proxy "$(IFS=, && echo "${proxies[*]}")")
fi
"$root/jarvis" serve "${arguments[@]}" &
server_pid=$!

for ((tries = 0; tries < 300; tries++)); do
  ready && break
  if ! kill -0 "$server_pid" 2>/dev/null; then
    code=0
    wait "$server_pid" || code=$?
    server_pid=
    fail "the server stopped while starting (exit $code); its last lines above say why" "${code/#0/1}"
  fi
  sleep 0.2
done
((tries < 300)) || fail "the server is not ready after a minute; its lines above say why"

echo
if ((${#proxies[@]})); then
  echo "  Jarvis is ready behind its proxy, which reaches it at http://$shown:$port"
else
  echo "  Jarvis is ready at $scheme://$shown:$port"
fi
if [[ $scheme == https && -z ${Jarvis__Tls__CertificateFile:-} ]]; then echo "  Install $data/tls/ca.pem where it is to be trusted; its fingerprint stands above"; fi
if [[ -n $made_password ]]; then
  echo "  Sign in as admin with $made_password   (shown once; it stays in $password_file)"
elif [[ -n $password_file ]]; then
  echo "  Sign in as admin; the first password is in $password_file"
else
  echo "  Sign in, or follow the link above if it is new here"
fi
if ((${#clusters[@]})); then
  echo "  Watching ${clusters[*]}"
elif [[ -n $scenario ]]; then
  echo "  Showing the simulated cluster '$scenario'"
elif [[ -n ${Jarvis__Clusters__0__Key:-} ]]; then
  echo "  Watching the clusters that the environment names"
else
  echo "  Watching the clusters that were added on the screen"
fi
echo "  Ctrl-C stops it."
echo

code=0
wait "$server_pid" || code=$?
server_pid=
exit "$code"
