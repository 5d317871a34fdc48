#!/usr/bin/env bash
# Measures what the published agent needs when nothing happens, and what the command line costs to start.
#   agent.sh RESULT.md
# Run by ./bench agent. A real witness on SQLite; zfs is a script that prints prepared listings, as OpenZFS 2.3 does.
# BENCH_DATASETS of BENCH_SNAPSHOTS each: 100 of 100. AGENT_SECONDS: how long the agent idles before it is looked at (40).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$1 datasets=${BENCH_DATASETS:-100} snapshots=${BENCH_SNAPSHOTS:-100} idle=${AGENT_SECONDS:-40}
program=${ZFS_SYNC_PROGRAM:-$PWD/artifacts/publish/zfs-sync}
witness=${ZFS_SYNC_WITNESS_PATH:-$PWD/artifacts/publish/witness/zfs-sync-witness}
for needed in "$program" "$witness"; do
  [ -x "$needed" ] || { echo "bench: $needed is missing: run packaging/publish" >&2; exit 2; }
done
work=$(mktemp -d) agent='' server=''
finish() {
  for pid in $agent $server; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# A host: for every dataset its properties, then its snapshots with guid, createtxg, creation, used, referenced, userrefs.
mkdir "$work/bin"
awk -v d="$datasets" -v s="$snapshots" -v out="$work" 'BEGIN {
  OFS = "\t"
  for (i = 0; i <= d; i++) {
    name = i ? sprintf("tank/projects/dataset%04d", i) : "tank"
    print name, "type", "filesystem", "-" > (out "/properties")
    print name, "guid", sprintf("7%018d", i), "-" > (out "/properties")
    for (n = split("encryptionroot keystatus origin receive_resume_token", p, " "); n; n--)
      print name, p[n], "-", "-" > (out "/properties")
    for (n = split("written used referenced available", p, " "); n; n--)
      print name, p[n], i * 4096, "-" > (out "/properties")
    print name, "zfs-sync:placeholder", "-", "-" > (out "/properties")
    print name, "snapshots_changed", i ? 1767225600 : "-", "-" > (out "/properties")
    for (n = 1; i && n <= s; n++)
      printf "%s@autosnap_2026-01-%02d_%02d:%02d:00_hourly\t%d%06d%04d\t%d\t%d\t%d\t%d\t0\n", name, n % 28 + 1, n % 24,
        n % 60, 100000000 + i, i, n, n * 50, 1767225600 + n * 60, n * 8192, n * 65536 > (out "/snapshots")
  }
}'
cut -f1-3 "$work/snapshots" >"$work/identities"
cat >"$work/bin/zfs" <<ZFS
#!/bin/sh
echo "\$1" >>'$work/calls'
case "\$*" in
  version*) printf 'zfs-2.3.9-1\nzfs-kmod-2.3.9-1\n' ;;
  get*) cat '$work/properties' ;;
  *bookmark*) ;;
  *userrefs*) printf '%s\\n' "\$@" | awk -F '\\t' 'NR == FNR { asked[\$1]; next } \$1 in asked' - '$work/snapshots' ;;
  *) cat '$work/identities' ;;
esac
ZFS
printf '#!/bin/sh\nprintf "tank\\t1\\t1000000000000\\t1000\\t999999999000\\tONLINE\\n"\n' >"$work/bin/zpool"
chmod +x "$work/bin/zfs" "$work/bin/zpool"
export PATH="$work/bin:$PATH" ZFS_SYNC_DATA_DIR="$work/data"

key=bench-$RANDOM$RANDOM$RANDOM$RANDOM
ZFS_SYNC_DATA_DIR="$work/witness" ZFS_SYNC_ADMIN_KEY=$key ZFS_SYNC_PORT=0 ZFS_SYNC_LOG_LEVEL=WARNING \
  "$witness" >"$work/witness.log" 2>&1 &
server=$!
for _ in $(seq 300); do
  url=$(sed -n 's/^zfs-sync-witness listens on //p' "$work/witness.log"); [ -n "$url" ] && break; sleep 0.2
done
[ -n "$url" ] || { cat "$work/witness.log" >&2; exit 1; }
api() { curl -sf -H "X-API-Key: $key" -H 'Content-Type: application/json' "${url%/}/api/v1/$1" "${@:2}"; }
token=$(api keys -d '{"kind":"enrollment","name":"bench"}' | sed 's/.*"api_key":"\([^"]*\)".*/\1/')
"$program" join "$url" "$token" --hostname bench --ssh-host none >/dev/null
"$program" agent --interval 2s >"$work/agent.log" 2>&1 &
agent=$!

stored() { api 'snapshots?limit=1' -D - -o /dev/null | tr -d '\r' | sed -n 's/^X-Total-Count: //Ip'; }
for _ in $(seq 120); do [ "$(stored)" = $((datasets * snapshots)) ] && break; sleep 0.5; done
[ "$(stored)" = $((datasets * snapshots)) ] || { cat "$work/agent.log" >&2; exit 1; }

ticks() { awk '{ print $14 + $15 }' "/proc/$agent/stat"; }
field() { awk -v f="$1:" '$1 == f { printf "%.1f", $2 / 1024 }' "/proc/$agent/$2"; }
calls() { wc -l <"$work/calls"; }
before=$(ticks) called=$(calls)
sleep "$idle"
after=$(ticks) calling=$(calls)

# The least of ten starts: what else this machine does counts little.
least=999999 least_cpu=999999
for _ in $(seq 10); do
  TIMEFORMAT='%R %U %S'; spent=$({ time "$program" --help >/dev/null; } 2>&1)
  read -r wall cpu < <(awk '{ printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000 }' <<<"$spent")
  [ "$wall" -ge "$least" ] || least=$wall
  [ "$cpu" -ge "$least_cpu" ] || least_cpu=$cpu
done
cat >"$result" <<TABLE
### The agent on $((datasets * snapshots)) snapshots in $datasets datasets

| what | figure |
|---|---|
| resident when idle | $(field Rss smaps_rollup) MB |
| of it written to (the rest is files, which the system drops when it needs room) | $(awk '/^Private_Dirty/ { s += $2 } END { printf "%.1f", s / 1024 }' "/proc/$agent/smaps_rollup") MB |
| most it ever was: during the first report | $(field VmHWM status) MB |
| a look at the host (every 2 s here, every 60 s as shipped) | $(awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n=$(((calling - called) / 2)) 'BEGIN { printf "%.1f ms CPU, 2 processes", n ? t * 1000 / hz / n : 0 }') |
| zfs-sync --help | $least ms, $least_cpu ms CPU |

*$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) at the end. Repeat: \`./bench agent\`*
TABLE
