#!/usr/bin/env bash
# One GiB from a pool to another on one host, by the shell's pipe and by the agent, in the lab. Run by ./bench lab.
#   transfer.sh RESULT.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$1 mebibytes=${BENCH_MEBIBYTES:-1024} publish=${BENCH_PUBLISH:-artifacts/publish}
. tests/ZfsSync.Benchmarks/Lab/bench.sh

echo "starting a VM and a witness"
start_lab solo
pool solo tank /dev/vdb; pool solo vault /dev/vdc
in_vm solo "zfs create -o compression=off tank/data; head -c ${mebibytes}M /dev/urandom >/tank/data/file; zfs snapshot tank/data@one; zpool sync"
join solo
reported solo

echo "by the shell"
# Once beforehand, so that both find the data in the cache.
in_vm solo 'zfs send tank/data@one >/dev/null'
shell=$(in_vm solo 'a=$(date +%s.%N); zfs send tank/data@one | zfs receive -u vault/shell; zpool sync vault; b=$(date +%s.%N); echo "$a $b"' | awk '{ printf "%.1f", $2 - $1 }')
echo "$shell s"
in_vm solo 'zfs destroy -r vault/shell; zpool sync vault'

echo "by the agent"
main='p=$(systemctl show --property MainPID --value zfs-sync-agent); awk "{ print \$14 + \$15 }" /proc/$p/stat'
before=$(in_vm solo "$main")
client group create bench --hub solo:tank/data --to solo:vault/ours >>"$log" 2>&1
client sync bench --timeout 10m >>"$log" 2>&1
ticks=$(($(in_vm solo "$main") - before))
ours=$(client runs --json | python3 -c '
import datetime, json, sys
run = json.load(sys.stdin)[0]
at = lambda name: datetime.datetime.fromisoformat(run[name][:26].rstrip("Z") + "+00:00")
print(round((at("finished_at") - at("started_at")).total_seconds(), 1))')
echo "$ours s"

{
  echo "### $mebibytes MiB from a pool to another on one host, in the lab"
  echo
  echo "| zfs send piped to zfs receive in the shell | by the agent, with its checks, holds and proof | ratio | agent's own CPU, of the time |"
  echo "|---|---|---|---|"
  echo "| $shell s | $ours s | $(ratio "$ours" "$shell") | $(awk -v t="$ticks" -v s="$ours" 'BEGIN { printf "%.1f %%", t / s }') |"
  footer solo
} >"$result"
