#!/usr/bin/env bash
# From a clone to the first proven edge, build included: what a stranger waits for.
#   start.sh RESULT.md
# Run by ./bench start. Clones this checkout's last commit; the packages are those that NuGet has on this machine already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$(realpath "$1") repository=$PWD
work=$(mktemp -d) demo=
finish() {
  [ -z "$demo" ] || kill -- "-$demo" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.0f", b - a }'; }

started=$(date +%s.%N)
git clone --quiet "$repository" "$work/zfs-sync"
cd "$work/zfs-sync"
: >"$work/demo.log"
port=$((20000 + RANDOM % 20000))
setsid ./run demo --port "$port" >"$work/demo.log" 2>&1 &
demo=$!
built='' edge=''
while [ -z "$edge" ]; do
  kill -0 "$demo" 2>/dev/null || { cat "$work/demo.log" >&2; exit 1; }
  [ -n "$built" ] || ! grep -q '^DEMO' "$work/demo.log" || built=$(since "$started")
  ! grep -q 'is in sync: it holds' "$work/demo.log" || edge=$(since "$started")
  sleep 0.2
done
kill -- "-$demo"; wait "$demo" || true; demo=

again=$(date +%s.%N)
./run version >/dev/null
again=$(awk -v a="$again" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
cat >"$result" <<TABLE
### From nothing to a proven edge

| from \`git clone\` until | seconds |
|---|---|
| both programs are built, and the demo's witness answers | $built |
| the first edge is proven in \`./run demo\` | $edge |
| and \`./run\` on a checkout that is built takes, before the command itself | $again |

*$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) at the end, packages downloaded before. Repeat: \`./bench start\`*
TABLE
