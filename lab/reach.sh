# shellcheck shell=bash
# What goes into a running VM and comes out of it: commands, files, ports, and the faults of its network.

ssh_options=(
    -F none -i "$lab_dir/key" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=10 -o LogLevel=ERROR
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null
    -o ControlMaster=no
)

# ssh_to DIR USER: sets ssh_command, over the connection that open_ssh made, or over a new one
ssh_to() {
    ssh_command=(ssh "${ssh_options[@]}" -S "$1/ssh-$2" -p "$(cat "$1/control")" "$2@127.0.0.1")
}

remote() { # DIR USER COMMAND...
    local ssh_command
    ssh_to "$1" "$2"
    "${ssh_command[@]}" "${@:3}"
}

# open_ssh DIR USER: the connection that all commands share. It must hold no file of the caller's open, or whoever reads
# the caller's output to its end would wait for it.
open_ssh() {
    local socket=$1/ssh-$2
    [ ! -S "$socket" ] || return 0
    (
        flock 7
        [ -S "$socket" ] || ssh "${ssh_options[@]}" -f -N -M -S "$socket" -p "$(cat "$1/control")" "$2@127.0.0.1" \
            </dev/null >/dev/null 2>&1 7>&- 8>&- 9>&-
    ) 7>"$socket.lock"
}

await_ssh() { # DIR SECONDS
    local end=$((SECONDS + $2))
    until remote "$1" root true </dev/null 2>/dev/null; do
        is_running "$1" && [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

# aim [USER@]NAME: sets user and vm, the directory of a running VM
aim() {
    local name=${1#*@}
    user=root
    [ "$name" = "$1" ] || user=${1%%@*}
    check_name "VM's name" "$name"
    vm=$fleet_dir/$name
    is_running "$vm" || die "$name is not up"
}

enter() {
    aim "$1"
    open_ssh "$vm" "$user" || die "$1 does not answer: $vm/console.log"
    ssh_to "$vm" "$user"
    exec "${ssh_command[@]}" "${@:2}"
}

copy() { # FROM... TO, with ':' before what is in the VM
    open_ssh "$vm" "$user" || die "no answer: $vm/console.log"
    scp -q -r "${ssh_options[@]}" -o ControlPath="$vm/ssh-$user" -P "$(cat "$vm/control")" "${@/#:/"$user@127.0.0.1:"}"
}

put() {
    aim "$1"
    copy "${@:2:$#-2}" ":${!#}"
}

get() {
    aim "$1"
    copy ":$2" "$3"
}

port() {
    local port=${2:-22}
    aim "$1"
    [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || die "not a port: '$port'"
    if ! grep -q "^$port " "$vm/ports"; then
        lock_fleet
        echo "$port $(forward "$vm" net0 "$port")" >>"$vm/ports"
        tell_peers
    fi
    sed -n "/^$port /{s///p;q}" "$vm/ports"
}

net() {
    aim "$1"
    case $2 in
        cut)
            order "$vm" 'qom-set /objects/cut status on'
            ;;
        slow)
            [[ ${3:-} =~ ^[0-9]+[kmg]?bit$ && ${4:-} =~ ^[0-9]+(us|ms|s)$ ]] || die "slow takes a rate (2mbit) and a delay (50ms)"
            remote "$vm" root "lab-net slow $3 $4"
            ;;
        heal)
            order "$vm" 'qom-set /objects/cut status off'
            remote "$vm" root 'lab-net plain'
            ;;
        *) usage ;;
    esac
}
