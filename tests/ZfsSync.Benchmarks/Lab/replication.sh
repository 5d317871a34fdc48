#!/usr/bin/env bash
# Replication beside syncoid, in the lab: two VMs, 51 datasets, beta pulls from alpha. Run by ./bench lab.
#   replication.sh RESULT.md
# Each round is run by both, one after the other, on the same pools; the VMs are emulated, so the ratios count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
result=$1 datasets=${BENCH_DATASETS:-50} publish=${BENCH_PUBLISH:-artifacts/publish}
export ZFS_SYNC_LAB_FLEET=${ZFS_SYNC_LAB_FLEET:-bench}
work=$(mktemp -d); log=${result%.md}.log; : >"$log"
[ -x "$publish/zfs-sync" ] && [ -x "$publish/witness/zfs-sync-witness" ] || { echo "run packaging/publish first" >&2; exit 2; }

witness=
finish() {
  lab/lab down >>"$log" 2>&1 || true
  [ -z "$witness" ] || kill "$witness" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
in_vm() { lab/lab ssh "$@" 2>>"$log"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
client() { "$publish/zfs-sync" "$@"; }
# What the agent and everything that it started have used so far, in seconds.
agent_cpu() { in_vm "$1" 'systemctl show --property CPUUsageNSec --value zfs-sync-agent' | awk '{ printf "%.2f", $1 / 1e9 }'; }
calls() { in_vm "$1" 'cat /run/calls 2>/dev/null | wc -l'; }
difference() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b - a }'; }

echo "starting two VMs and a witness"
lab/lab up alpha beta >>"$log" 2>&1
port=$((20000 + RANDOM % 20000))
export ZFS_SYNC_API_KEY=bench-admin-key-0123456789 ZFS_SYNC_URL=http://127.0.0.1:$port
ZFS_SYNC_DATA_DIR=$work ZFS_SYNC_PORT=$port ZFS_SYNC_ADMIN_KEY=$ZFS_SYNC_API_KEY ZFS_SYNC_ALLOWED_HOSTS=10.0.2.2 \
  "$publish/witness/zfs-sync-witness" >>"$log" 2>&1 &
witness=$!
for _ in $(seq 60); do client status >/dev/null 2>&1 && break; sleep 1; done

# Each start of zfs, zpool or ssh by the agent is noted.
count='mkdir -p /opt/count; for p in zfs zpool ssh; do real=$(command -v $p); printf "#!/bin/sh\necho \"$p \$*\" >>/run/calls\nexec $real \"\$@\"\n" >/opt/count/$p; chmod +x /opt/count/$p; done'
start_agent() { # NAME
  in_vm "$1" "systemd-run --quiet --collect --unit zfs-sync-agent --property CPUAccounting=yes -E PATH=/opt/count:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin zfs-sync agent --ssh-host-keys accept-new -v"
}
join() { # NAME POOL
  lab/lab put "$1" "$publish/zfs-sync" /usr/local/bin/zfs-sync >>"$log" 2>&1
  in_vm "$1" "zpool create -O atime=off $2 /dev/vdb; $count; zfs-sync join http://10.0.2.2:$port $ZFS_SYNC_API_KEY --hostname $1 --ssh-host $1" >>"$log"
  start_agent "$1"
}
join alpha tank; join beta vault
in_vm alpha "for d in \$(seq -f d%02g $datasets); do zfs create tank/\$d; done" >>"$log"
change='for m in /tank /tank/d*; do head -c 65536 /dev/urandom >$m/file; done'
snapshot() { in_vm alpha "$change; zfs snapshot -r tank@$1"; }

syncoid() { # one run of it on beta, its seconds
  local started; started=$(now)
  in_vm beta 'syncoid --recursive --no-sync-snap root@alpha:tank vault/syncoid' >>"$log" 2>&1
  since "$started"
}
ours() { # until every edge is proven, in seconds
  local started; started=$(now)
  client sync bench --timeout 5m >>"$log" 2>&1
  since "$started"
}
# Both must have brought the same snapshots.
compare() {
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

echo "first replication: 3 snapshots each"
for s in one two three; do snapshot $s; done
theirs=$(syncoid)
# As a person does: the group is made, and sync waits for the proof.
started=$(now)
client group create bench --hub alpha:tank --to beta:vault/ours >>"$log" 2>&1
client sync bench --timeout 5m >>"$log" 2>&1
first=$(since "$started")
compare
row "first replication, 3 snapshots each" "$theirs" "$first" "0.41 (40 s : 97 s)"

echo "one new snapshot in each"
snapshot four
theirs=$(syncoid)
cpu=$(agent_cpu beta) begun=$(calls beta)
increment=$(ours)
compare
increment_cpu=$(difference "$cpu" "$(agent_cpu beta)") increment_calls=$(($(calls beta) - begun))
row "one new snapshot in each" "$theirs" "$increment" "0.38 (32 s : 84 s)"

echo "nothing new"
theirs=$(syncoid)
# One look of an agent, as it does every minute: its processes and its CPU time, at rest otherwise.
alpha_calls=$(calls alpha) alpha_cpu=$(agent_cpu alpha)
idle=$(ours)
unchanged_cpu=$(difference "$alpha_cpu" "$(agent_cpu alpha)") unchanged_calls=$(($(calls alpha) - alpha_calls))
row "nothing new, until both hosts have looked again" "$theirs" "$idle" "0.02 (1 s : 52 s)"
in_vm beta 'journalctl -u zfs-sync-agent --no-pager -o short-monotonic' >"${result%.md}.beta.log"
in_vm beta 'cat /run/calls' >"${result%.md}.beta.calls"; in_vm alpha 'cat /run/calls' >"${result%.md}.alpha.calls"

{
  echo "### Replication beside syncoid, $((datasets + 1)) datasets, remote target, in the lab"
  echo
  echo "| round | syncoid $(in_vm beta "syncoid --version | sed -n 's/.*version //p'" | head -1) | zfs-sync | ratio | target |"
  echo "|---|---|---|---|---|"
  printf '%s\n' "${rows[@]}"
  echo
  echo "The agent of an unchanged source used $unchanged_cpu s of CPU for one look, with all it started: $unchanged_calls processes of zfs."
  echo
  echo "One new snapshot in each: the target's agent used $increment_cpu s of CPU, with all it started there: $increment_calls processes of zfs and ssh."
  echo
  echo "*$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) at the end; VMs emulated, OpenZFS $(in_vm alpha 'zfs version | head -1'). Repeat: \`./bench lab\`*"
} >"$result"
