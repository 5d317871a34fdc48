#!/usr/bin/env bash
# One GiB from a pool to another on one host, by the shell's pipe and by the agent, in the lab. Run by ./bench lab.
#   transfer.sh RESULT.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$1 mebibytes=${BENCH_MEBIBYTES:-1024} publish=${BENCH_PUBLISH:-artifacts/publish} rounds=3
. tests/ZfsSync.Benchmarks/Lab/bench.sh

by_shell() { # DATASET: seconds
  in_vm solo "a=\$(date +%s.%N); zfs send $1@one | zfs receive -u vault/shell; zpool sync vault; b=\$(date +%s.%N)
    zfs destroy -r vault/shell; zpool sync vault; echo \$a \$b" | awk '{ printf "%.2f", $2 - $1 }'
}
# The instruction from its claim to its outcome, with checks, holds and proof, and what the agent itself used meanwhile.
by_agent() { # DATASET NAME: seconds, seconds of CPU
  local before after
  before=$(agent_own_cpu solo)
  client group create "$2" --hub "solo:$1" --to "solo:vault/$2" >>"$log" 2>&1
  client sync "$2" --timeout 10m >>"$log" 2>&1
  after=$(agent_own_cpu solo)
  client runs --json | python3 -c '
import datetime, json, re, sys
run = json.load(sys.stdin)[0]
def at(name):
    seconds, part = re.match(r"([^.+Z]*)(\.\d+)?", run[name]).groups()
    return datetime.datetime.fromisoformat(seconds).timestamp() + float(part or 0)
print(round(at("finished_at") - at("started_at"), 2), end=" ")'
  difference "$before" "$after"
  client group delete "$2" --yes >>"$log" 2>&1
  in_vm solo "zfs destroy -r vault/$2; zpool sync vault"
}
# From now on the start of each stream and its end are noted. It takes a shell each time.
time_streams() {
  in_vm solo 'rm /opt/count/zfs; cat >/opt/count/zfs <<"WRAPPER"
#!/bin/sh
case $1 in send | receive) ;; *) exec /usr/sbin/zfs "$@" ;; esac
read from _ </proc/uptime
/usr/sbin/zfs "$@"
code=$?
read to _ </proc/uptime
echo "$1 $from $to" >>/run/streams
exit $code
WRAPPER
    chmod +x /opt/count/zfs'
}
stream() { in_vm solo 'cat /run/streams; rm /run/streams' | awk '$1 == "send" { a = $2 } $1 == "receive" { b = $3 } END { printf "%.2f", b - a }'; }
least() { sort -n | head -1; }

echo "starting a VM and a witness"
start_lab solo
pool solo tank /dev/vdb; pool solo vault /dev/vdc
in_vm solo "zfs create tank/small; head -c 1M /dev/urandom >/tank/small/file; zfs snapshot tank/small@one
  zfs create -o compression=off tank/data; head -c ${mebibytes}M /dev/urandom >/tank/data/file; zfs snapshot tank/data@one; zpool sync"
join solo
reported solo
# Once beforehand: the data is in the cache for both, and the agent has sent something before. The processor that is
# emulated takes seconds for a program's first run through its code.
in_vm solo 'zfs send tank/data@one >/dev/null'
by_shell tank/small >/dev/null; first=$(by_agent tank/small first); small=$(by_agent tank/small again)

for ((round = 1; round <= rounds; round++)); do
  by_shell tank/data >>"$work/shell"; echo >>"$work/shell"
  by_agent tank/data "ours$round" >>"$work/ours"; echo >>"$work/ours"
  echo "round $round: $(tail -1 "$work/shell") s by the shell; by the agent, and its own CPU: $(tail -1 "$work/ours") s"
done
time_streams
for ((round = 1; round <= 2; round++)); do
  by_agent tank/data "timed$round" >>"$log"; stream >>"$work/streams"; echo >>"$work/streams"
done
shell=$(least <"$work/shell") ours=$(least <"$work/ours") streams=$(least <"$work/streams")

{
  echo "### $mebibytes MiB from a pool to another on one host, in the lab, best of $rounds"
  echo
  echo "| what | time | of the shell's | agent's own CPU | of the time |"
  echo "|---|---|---|---|---|"
  echo "| zfs send piped to zfs receive in the shell | $shell s | 1.00 | | |"
  echo "| the same stream through the agent, from the start of zfs send to the end of zfs receive | $streams s | $(ratio "$streams" "$shell") | | |"
  read -r seconds cpu <<<"$ours"
  echo "| the whole instruction: with its checks, holds, bookmark and proof | $seconds s | $(ratio "$seconds" "$shell") | $cpu s | $(awk -v c="$cpu" -v s="$seconds" 'BEGIN { printf "%.1f %%", 100 * c / s }') |"
  read -r seconds cpu <<<"$small"
  echo "| the whole instruction for 1 MiB | $seconds s | | $cpu s | |"
  read -r seconds cpu <<<"$first"
  echo "| the same as the first that an agent does since it started | $seconds s | | $cpu s | |"
  footer solo
} >"$result"
