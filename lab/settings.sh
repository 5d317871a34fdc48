# shellcheck shell=bash
# Where things are, what may be chosen, and the words every other piece uses.

lab_dir=${ZFS_SYNC_LAB_DIR:-/var/tmp/zfs-sync-lab}
default_suite=${ZFS_SYNC_LAB_SUITE:-trixie}
default_lifetime_minutes=60
suites=(trixie bookworm)

# A fleet is a set of VMs that know each other by name. Each checkout has its own, so that two of them never meet.
fleet=${ZFS_SYNC_LAB_FLEET:-checkout-$(cksum <<<"$lab_source" | cut -d ' ' -f 1)}
fleets_dir=$lab_dir/fleets
fleet_dir=$fleets_dir/$fleet
images_dir=$lab_dir/images

say() { echo "lab: $*" >&2; }
die() {
    say "$*"
    exit 1
}

# check_name WHAT NAME: what ends up in a path and in a host's name
check_name() {
    [[ $2 =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "a $1 is at most 31 lower case letters, digits and '-': '$2'"
}
check_name "fleet's name" "$fleet"

check_suite() {
    local suite
    for suite in "${suites[@]}"; do
        [ "$suite" != "$1" ] || return 0
    done
    die "no suite '$1': ${suites[*]}"
}

check_minutes() {
    [[ $1 =~ ^[1-9][0-9]{0,3}$ ]] || die "a lifetime is 1 to 9999 minutes: '$1'"
}

make_lab_dir() {
    mkdir -p "$lab_dir" "$images_dir" "$fleets_dir" 2>/dev/null && [ -w "$fleets_dir" ] ||
        die "$lab_dir cannot be written: name another directory with ZFS_SYNC_LAB_DIR"
}

# The locks are file descriptors, closed for everything that outlives this process: 8 a build, 9 a change of the fleet.
lock_build() {
    exec 8>"$lab_dir/build.lock"
    flock -n 8 || {
        say "another build is running: waiting for it"
        flock 8
    }
}
lock_fleet() {
    make_lab_dir
    exec 9>"$fleets_dir/$fleet.lock"
    flock 9
}
unlock_fleet() { exec 9>&-; }
