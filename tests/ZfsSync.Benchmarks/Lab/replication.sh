#!/usr/bin/env bash
# Replication beside syncoid in the lab: two VMs, beta pulls from alpha. Run by ./bench lab.
#   replication.sh RESULT.md
# Each round is run by both, one after the other, on the same pools. The machine's speed changes meanwhile, so the one with
# new snapshots is run several times (BENCH_ROUNDS), by either first in turns, and the sums count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$1 datasets=${BENCH_DATASETS:-50} rounds=${BENCH_ROUNDS:-2} publish=${BENCH_PUBLISH:-artifacts/publish}
. tests/ZfsSync.Benchmarks/Lab/bench.sh

echo "starting two VMs and a witness"
start_lab alpha beta
pool alpha tank /dev/vdb; pool beta vault /dev/vdb
in_vm alpha "for d in \$(seq -f d%02g $datasets); do zfs create tank/\$d; done"
join alpha; join beta
reported alpha beta

snapshot() {
  in_vm alpha "for m in /tank /tank/d*; do head -c 65536 /dev/urandom >\$m/file; done; zfs snapshot -r tank@$1; zpool sync"
}
syncoid() { # one run of it on beta, in seconds
  local started; started=$(now)
  in_vm beta "timeout ${BENCH_PATIENCE:-400} syncoid --recursive --no-sync-snap root@alpha:tank vault/syncoid" >>"$log" 2>&1
  since "$started"
}
# While the other one's time is measured the group is off: our agents would bring the same snapshots meanwhile.
pause() { client group edit bench --disable >>"$log" 2>&1; }
ours() { # until every edge is proven, in seconds
  local started; started=$(now)
  client group edit bench --enable >>"$log" 2>&1
  client sync bench --timeout 10m >>"$log" 2>&1
  since "$started"
}
compare() { # both must have brought the same snapshots
  local expected copy
  expected=$(in_vm alpha 'zfs list -H -o guid -t snapshot -r tank' | sort | md5sum)
  for copy in vault/syncoid vault/ours; do
    [ "$(in_vm beta "zfs list -H -o guid -t snapshot -r $copy" | sort | md5sum)" = "$expected" ] ||
      { echo "bench: $copy does not have what tank has" >&2; exit 1; }
  done
}
rows=()
row() { # NAME SYNCOID OURS TARGET
  rows+=("| $1 | $2 s | $3 s | $(ratio "$3" "$2") | $4 |")
  echo "${rows[-1]}"
}

echo "first replication"
for s in one two three; do snapshot $s; done
theirs=$(syncoid)
# As a person does it: the group is made, and sync waits for the proof.
started=$(now)
client group create bench --hub alpha:tank --to beta:vault/ours >>"$log" 2>&1
client sync bench --timeout 10m >>"$log" 2>&1
first=$(since "$started")
compare
row "first replication, 3 snapshots each" "$theirs" "$first" "0.41 (40 s : 97 s)"

echo "one new snapshot in each"
theirs=0 increment=0 increment_cpu=0 increment_own=0
increment_of_syncoid() { theirs=$(sum "$theirs" "$(syncoid)"); }
increment_of_ours() {
  local cpu own; cpu=$(agent_cpu beta) own=$(agent_own_cpu beta)
  increment=$(sum "$increment" "$(ours)")
  pause
  increment_cpu=$(sum "$increment_cpu" "$(difference "$cpu" "$(agent_cpu beta)")")
  increment_own=$(sum "$increment_own" "$(difference "$own" "$(agent_own_cpu beta)")")
}
pause
for round in $(seq "$rounds"); do
  snapshot "more$round"
  if [ $((round % 2)) = 1 ]; then increment_of_syncoid; increment_of_ours; else increment_of_ours; increment_of_syncoid; fi
  compare
  echo "after $round: $theirs s and $increment s"
done
row "one new snapshot in each, $rounds times" "$theirs" "$increment" "0.38 (32 s : 84 s)"

echo "nothing new"
theirs=$(syncoid)
# Once to see what came in between; then one look as there is every minute.
ours >/dev/null
idle=$(ours)
count_calls alpha
cpu=$(agent_cpu alpha)
ours >/dev/null
idle_cpu=$(difference "$cpu" "$(agent_cpu alpha)") idle_calls=$(calls alpha)
row "nothing new, until both hosts have looked again" "$theirs" "$idle" "0.02 (1 s : 52 s)"
for name in alpha beta; do
  in_vm $name 'journalctl -u zfs-sync-agent --no-pager -o short-precise' >"${result%.md}.$name.journal"
done

{
  echo "### Replication beside syncoid: $((datasets + 1)) datasets, remote target, in the lab"
  echo
  echo "| round | syncoid $(in_vm beta "dpkg-query -W -f '\${Version}' sanoid") | zfs-sync | ratio | target |"
  echo "|---|---|---|---|---|"
  printf '%s\n' "${rows[@]}"
  echo
  echo "Nothing new: the source's agent used $idle_cpu s of CPU for a look, with all that it started: $idle_calls processes of zfs and zpool."
  echo
  echo "One new snapshot in each, $rounds times: the target's agent used $increment_cpu s of CPU with all that it started there, $increment_own s of it itself."
  footer alpha
} >"$result"
