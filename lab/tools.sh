# shellcheck shell=bash
# The programs of this machine that the lab needs.

# QEMU 7.2 mistranslates cmpxchg16b, which panics the guest's kernel; older than 8.2 cannot save to a file.
qemu_needed=10
# program -> Debian's package
declare -A tools=(
    [qemu-system-x86_64]=qemu-system-x86 [qemu-img]=qemu-utils [mmdebstrap]=mmdebstrap [mke2fs]=e2fsprogs
    [ssh]=openssh-client [python3]=python3 [flock]=util-linux [setsid]=util-linux
)

qemu_version() { qemu-system-x86_64 --version | sed -n '1s/^QEMU emulator version //p'; }

# missing_packages: those whose program is not here, or is too old
missing_packages() {
    local tool version
    for tool in "${!tools[@]}"; do
        command -v "$tool" >/dev/null || echo "${tools[$tool]}"
    done
    if command -v qemu-system-x86_64 >/dev/null; then
        version=$(qemu_version)
        [ "${version%%.*}" -ge "$qemu_needed" ] || echo qemu-system-x86
    fi
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
}

need_tools() {
    local missing
    [ "$(uname -m)" = x86_64 ] || die "an image is made of amd64 packages, so this machine must be x86_64"
    mapfile -t missing < <(missing_packages | sort -u)
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        die "these packages are missing (Debian's names): ${missing[*]}; QEMU must be version $qemu_needed or newer"
    say "installing ${missing[*]}"
    install_packages "${missing[@]}" >"$lab_dir/tools.log" 2>&1 || true
    mapfile -t missing < <(missing_packages | sort -u)
    [ ${#missing[@]} -eq 0 ] || {
        tail -n 20 "$lab_dir/tools.log" >&2
        die "not to be had here, or too old (QEMU $qemu_needed is needed): ${missing[*]}; $lab_dir/tools.log tells more"
    }
}

install_packages() {
    local apt=(apt-get -q -o DPkg::Lock::Timeout=300)
    export DEBIAN_FRONTEND=noninteractive
    "${apt[@]}" update
    if [ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = bookworm ] && [[ " $* " == *" qemu-"* ]]; then
        printf '%s\n' 'Types: deb' "URIs: $(debian_mirror)" 'Suites: bookworm-backports' 'Components: main' \
            'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' \
            >/etc/apt/sources.list.d/zfs-sync-lab-backports.sources
        "${apt[@]}" update
        "${apt[@]}" install -y --no-install-recommends -t bookworm-backports qemu-system-x86 qemu-utils
    fi
    "${apt[@]}" install -y --no-install-recommends "$@"
}

# debian_mirror: the archive this machine's apt takes Debian's main packages from
debian_mirror() {
    local mirror=${ZFS_SYNC_LAB_MIRROR:-$(apt_mirror)}
    if [ -z "$mirror" ] && [ "$(id -u)" = 0 ]; then # it knows them only after an update
        apt-get -q update >&2
        mirror=$(apt_mirror)
    fi
    [ -n "$mirror" ] || die "apt here knows no Debian archive: name one with ZFS_SYNC_LAB_MIRROR"
    echo "$mirror"
}

apt_mirror() {
    # shellcheck disable=SC2016 # apt's own $(NAME)
    apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 'Component: main' | sed -n 1p
}
