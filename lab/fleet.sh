# shellcheck shell=bash
# The VMs of a fleet, from up to down. A VM's directory holds its disks and what it needs to be booted again.

# read_options [NAME|--suite SUITE|--lifetime MINUTES]...: sets names, suite and lifetime
read_options() {
    names=() suite=$default_suite lifetime=
    while [ $# -gt 0 ]; do
        case $1 in
            --suite | --lifetime)
                [ $# -ge 2 ] || usage
                [ "$1" = --suite ] && suite=$2 || lifetime=$2
                shift
                ;;
            *)
                check_name "VM's name" "$1"
                names+=("$1")
                ;;
        esac
        shift
    done
    check_suite "$suite"
    [ -z "$lifetime" ] || check_minutes "$lifetime"
    [ ${#names[@]} -gt 0 ] || usage
}

up() {
    local names suite lifetime name image fresh=()
    read_options "$@"
    make_lab_dir
    has_image "$suite" || build "$suite" >&2
    image=$(image_of "$suite")
    lock_fleet
    forget_old_vms
    for name in "${names[@]}"; do
        if is_running "$fleet_dir/$name"; then
            say "$name is up already"
        else
            make_vm "$fleet_dir/$name" "$suite" "$image" "${lifetime:-$default_lifetime_minutes}"
            fresh+=("$name")
        fi
    done
    touch "$image"
    each_at_once wake_vm "${fresh[@]}"
    tell_peers
    unlock_fleet
}

make_vm() { # DIR SUITE IMAGE MINUTES
    local dir=$1 disk
    # With the name of a socket behind it, it must fit into the 108 characters that a socket's path may have.
    [ ${#dir} -le 78 ] || die "too long, choose a shorter directory, fleet or name: $dir"
    rm -rf --one-file-system "$dir"
    mkdir -p "$dir"
    echo "$2" >"$dir/suite"
    echo "$3" >"$dir/image"
    echo "$4" >"$dir/lifetime"
    free_index >"$dir/index"
    printf '22 0\n2222 0\n' >"$dir/ports"
    qemu-img create -q -f qcow2 -b "$3/system.raw" -F raw "$dir/system.qcow2"
    for disk in "${data_disks[@]}" nvme; do truncate -s "$disk_size" "$dir/$disk.raw"; done
}

# free_index: what tells a VM's address apart in its fleet
free_index() {
    local index=1
    while grep -qsx "$index" "$fleet_dir"/*/index; do index=$((index + 1)); done
    echo "$index"
}

nvme_device=nvme,serial=lab-nvme,drive=nvme

# start_vm DIR [ARGUMENT...]: returns when it answers
start_vm() {
    local dir=$1 seconds
    seconds=$(($(cat "$dir/lifetime") * 60))
    echo $(($(date +%s) + seconds)) >"$dir/ends"
    rm -f "$dir"/ssh-*
    start_machine "$dir" "$(cat "$dir/image")" qcow2 "$seconds" "${@:2}" || die "$dir did not start: $(cat "$dir/qemu.log")"
    open_ports "$dir"
    await_ssh "$dir" 300 || die "$dir does not answer: $(tail -n 10 "$dir/console.log")"
    open_ssh "$dir" root
}

open_ports() { # DIR: those it had before, under the same numbers where they are still free
    local port host_port
    forward "$1" ctl0 22 >"$1/control"
    while read -r port host_port; do
        echo "$port $(forward "$1" net0 "$port" "$host_port")"
    done <"$1/ports" >"$1/ports.new"
    mv "$1/ports.new" "$1/ports"
}

wake_vm() { # NAME: from the saved state
    local dir=$fleet_dir/$1 nvme
    start_vm "$dir" -incoming "file:$(cat "$dir/image")/booted"
    # QEMU cannot save a machine that has an NVMe disk, so it is plugged in now.
    nvme=$(monitor "$dir" "drive_add 0 $(drive nvme "$dir/nvme.raw" raw)")
    [[ $nvme == OK* ]] || die "no NVMe disk: $nvme"
    order "$dir" "device_add $nvme_device"
    head -c 64 /dev/urandom | remote "$dir" root \
        "lab-wake $1 $(date +%s.%N) $(tr -d - </proc/sys/kernel/random/uuid) $(od -An -N4 -tx4 /dev/urandom | tr -d ' ')"
}

boot() {
    local names suite lifetime name
    read_options "$@"
    lock_fleet
    for name in "${names[@]}"; do
        [ -f "$fleet_dir/$name/image" ] || die "there is no VM $name"
        ! is_running "$fleet_dir/$name" || die "$name is up: 'lab power-cut $name' first"
        [ -z "$lifetime" ] || echo "$lifetime" >"$fleet_dir/$name/lifetime"
    done
    each_at_once boot_vm "${names[@]}"
    tell_peers
    unlock_fleet
}

boot_vm() { # NAME
    local dir=$fleet_dir/$1
    start_vm "$dir" -drive "$(drive nvme "$dir/nvme.raw" raw)" -device "$nvme_device"
}

power_cut() {
    aim "$1"
    kill_machine "$vm"
    rm -f "$vm"/ssh-*
}

down() {
    local name
    lock_fleet
    if [ $# -eq 0 ]; then
        mapfile -t < <(all_vms)
        set -- "${MAPFILE[@]}"
    fi
    for name; do
        check_name "VM's name" "$name"
        kill_machine "$fleet_dir/$name"
        rm -rf --one-file-system "${fleet_dir:?}/$name"
    done
    tell_peers
    unlock_fleet
}

list() {
    local name dir left state
    while read -r name; do
        dir=$fleet_dir/$name state=stopped left=0
        ! is_running "$dir" || { state=running left=$(($(cat "$dir/ends") - $(date +%s))); }
        printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$(cat "$dir/suite")" "$state" "$(sed -n 's/^22 //p' "$dir/ports")" "$left"
    done < <(all_vms)
}

all_vms() {
    local dir
    for dir in "$fleet_dir"/*/; do
        [ ! -d "$dir" ] || basename "$dir"
    done
}

# tell_peers: every running VM learns where all the others are
tell_peers() {
    local name telling=()
    while read -r name; do
        ! is_running "$fleet_dir/$name" || telling+=("$name")
    done < <(all_vms)
    each_at_once tell_one "${telling[@]}"
}

tell_one() { # NAME
    local other dir
    while read -r other; do
        dir=$fleet_dir/$other
        [ "$other" = "$1" ] || sed "s/^/$other 10.0.2.$((100 + $(cat "$dir/index"))) /" "$dir/ports"
    done < <(all_vms) | remote "$fleet_dir/$1" root lab-peers
}

# each_at_once COMMAND NAME...: fails with the first that fails, when all have ended
each_at_once() {
    local command=$1 name process processes=() failed=
    shift
    for name; do
        # Its own shell: in a condition bash would go on after a failed command.
        (set -e; "$command" "$name") &
        processes+=($!)
    done
    for process in "${processes[@]}"; do
        wait "$process" || failed=1
    done
    [ -z "$failed" ] || die "not every VM did it: $command $*"
}

# A VM that ended a day ago is nobody's any more, whatever its fleet.
forget_old_vms() {
    local ends dir
    for ends in "$fleets_dir"/*/*/ends; do
        [ -f "$ends" ] && [ "$(cat "$ends")" -lt $(($(date +%s) - 86400)) ] || continue
        dir=$(dirname "$ends")
        is_running "$dir" || rm -rf --one-file-system "$dir"
    done
}
