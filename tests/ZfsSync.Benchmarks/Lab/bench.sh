# Sourced by the benchmarks of this folder: VMs, a witness on this machine, agents in the VMs. Wants $result and $publish.
export ZFS_SYNC_LAB_FLEET=${ZFS_SYNC_LAB_FLEET:-bench}
work=$(mktemp -d) log=${result%.md}.log witness=
: >"$log"
[ -x "$publish/zfs-sync" ] && [ -x "$publish/witness/zfs-sync-witness" ] || { echo "bench: run packaging/publish first" >&2; exit 2; }

finish() {
  local code=$?
  [ "$code" = 0 ] || { echo "bench: failed; the end of $log:" >&2; tail -5 "$log" >&2; }
  lab/lab down >>"$log" 2>&1 || true
  [ -z "$witness" ] || kill "$witness" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

in_vm() { lab/lab ssh "$@" 2>>"$log"; }
client() { "$publish/zfs-sync" "$@"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
sum() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a + b }'; }
difference() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b - a }'; }
# What the agent and everything that it started have used so far, in seconds.
agent_cpu() { in_vm "$1" 'systemctl show --property CPUUsageNSec --value zfs-sync-agent' | awk '{ printf "%.2f", $1 / 1e9 }'; }
# What the agent itself has used, without what it started.
agent_own_cpu() {
  in_vm "$1" 'p=$(systemctl show --property MainPID --value zfs-sync-agent); cut -d" " -f14,15 /proc/$p/stat' |
    awk '{ printf "%.2f", ($1 + $2) / 100 }'
}
# From now on each start of zfs, zpool and ssh by the agent is noted. It takes a shell each time, so not while time is measured.
count_calls() { # NAME
  in_vm "$1" "rm -f /opt/count/*
    for p in zfs zpool ssh; do
      printf '#!/bin/sh\necho \"%s \$*\" >>/run/calls\nexec %s \"\$@\"\n' \$p \$(command -v \$p) >/opt/count/\$p
    done
    chmod +x /opt/count/*; : >/run/calls"
}
calls() { in_vm "$1" 'wc -l </run/calls'; }

start_lab() { # NAME...
  lab/lab up "$@" >>"$log" 2>&1
  local port=$((20000 + RANDOM % 20000))
  export ZFS_SYNC_API_KEY=bench-admin-key-0123456789 ZFS_SYNC_URL=http://127.0.0.1:$port
  in_vms=http://10.0.2.2:$port
  ZFS_SYNC_DATA_DIR=$work ZFS_SYNC_PORT=$port ZFS_SYNC_ADMIN_KEY=$ZFS_SYNC_API_KEY ZFS_SYNC_ALLOWED_HOSTS=10.0.2.2 \
    "$publish/witness/zfs-sync-witness" >>"$log" 2>&1 &
  witness=$!
  for _ in $(seq 60); do ! client status >/dev/null 2>&1 || return 0; sleep 1; done
  echo "bench: the witness does not answer" >&2; exit 1
}

# On a busy machine the new partitions may come later than zpool waits for them.
pool() { # HOST NAME DISK
  in_vm "$1" "for i in 1 2 3 4 5; do udevadm settle; zpool create -f -O atime=off $2 $3 && exit 0; sleep 2; done; exit 1"
}

join() { # NAME
  lab/lab put "$1" "$publish/zfs-sync" /usr/local/bin/zfs-sync >>"$log" 2>&1
  in_vm "$1" "mkdir -p /opt/count
    for p in zfs zpool ssh; do ln -s \$(command -v \$p) /opt/count/\$p; done
    zfs-sync join $in_vms $ZFS_SYNC_API_KEY --hostname $1 --ssh-host $1
    systemd-run --quiet --collect --unit zfs-sync-agent --property CPUAccounting=yes \
      -E PATH=/opt/count:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      zfs-sync agent --ssh-host-keys accept-new ${BENCH_AGENT_OPTIONS:-}" >>"$log"
}

# Starting takes an agent tens of seconds in an emulated VM; its first report is the end of that.
reported() { # NAME...
  local name
  for name; do
    for _ in $(seq 120); do
      client host list --json 2>>"$log" | python3 -c '
import json, sys
hosts = json.load(sys.stdin)
sys.exit(not any(h["hostname"] == sys.argv[1] and h.get("last_report") for h in hosts))' "$name" && continue 2
      sleep 2
    done
    echo "bench: $name has not reported" >&2; exit 1
  done
}

footer() { # NAME
  echo
  echo "*$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) at the end. The VMs are emulated: ratios count. OpenZFS $(in_vm "$1" 'zfs version' | head -1). Repeat: \`packaging/publish && ./bench lab\`*"
}
