# shellcheck shell=bash
# One QEMU process: its hardware, its monitor, and whether it runs. A VM is a directory; its disks and sockets are in it.

# start_machine DIR IMAGE SYSTEM_DISK_FORMAT SECONDS [ARGUMENT...]: returns when the monitor answers
start_machine() {
    local dir=$1 image=$2 format=$3 seconds=$4 disk drives
    shift 4
    drives=(-drive "$(drive system "$dir/system.$format" "$format")")
    for disk in "${data_disks[@]}"; do drives+=(-drive "$(drive "$disk" "$dir/$disk.raw" raw)"); done
    rm -f "$dir/monitor" "$dir/pid"
    # timeout is what ends a VM that nobody remembers.
    setsid timeout --kill-after=10 "$seconds" qemu-system-x86_64 "${hardware[@]}" "${drives[@]}" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" -append "$kernel_options" \
        -display none -serial "file:$dir/console.log" -pidfile "$dir/pid" -qmp "unix:$dir/monitor,server=on,wait=off" \
        "$@" </dev/null >"$dir/qemu.log" 2>&1 8>&- 9>&- &
    disown $!
    await_monitor "$dir" $!
}

# Without its cache's flushes a disk still loses only what the guest had not flushed, for this machine does not fail.
drive() { # ID FILE FORMAT
    echo "id=$1,file=$2,format=$3,if=none,cache=unsafe,discard=unmap"
}

await_monitor() { # DIR PID
    local tries=0
    until [ -S "$1/monitor" ] && [[ $(monitor "$1" 'info status' 2>/dev/null) == *running* ]]; do
        kill -0 "$2" 2>/dev/null || return 1
        [ $((tries += 1)) -lt 300 ] || return 1
        sleep 0.2
    done
}

monitor() { # DIR COMMAND...
    python3 "$lab_source/monitor.py" "$1/monitor" "${@:2}"
}

# order DIR COMMAND...: commands that have nothing to answer when they succeed
order() {
    local answer
    answer=$(monitor "$@" 2>&1) && [ -z "$answer" ] || {
        say "QEMU refuses: $answer"
        return 1
    }
}

# machine_pid DIR: the process that runs from DIR. A pid file outlives its process and pids are used again, so look twice.
machine_pid() {
    local pid
    pid=$(cat "$1/pid" 2>/dev/null) && [ -n "$pid" ] || return 1
    grep -qszxF -- "$1/pid" "/proc/$pid/cmdline" && echo "$pid"
}

is_running() { machine_pid "$1" >/dev/null; }

# kill_machine DIR: at once, as when the power fails
kill_machine() {
    local pid
    pid=$(machine_pid "$1") || return 0
    kill -KILL "$pid" 2>/dev/null || true
    while is_running "$1"; do sleep 0.05; done
}

# forward DIR NETWORK PORT [HOST_PORT]: lead a port of 127.0.0.1 here to the VM's, and print it. The kernel picks a free
# one, which no check beforehand could; HOST_PORT is taken when it is still free.
forward() {
    local dir=$1 network=$2 port=$3 wanted address=$guest_address
    [ "$network" = net0 ] || address=$control_address
    for wanted in ${4:-} 0; do
        [ -n "$(monitor "$dir" "hostfwd_add $network tcp:127.0.0.1:$wanted-$address:$port" 2>&1)" ] || break
    done
    monitor "$dir" 'info usernet' |
        awk -v address="$address" -v port="$port" '/HOST_FORWARD/ && $5 == address && $6 == port { print $4; found = 1; exit }
            END { exit !found }'
}
