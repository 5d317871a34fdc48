# shellcheck shell=bash
# What an image is made of and how: with guest/, all that decides what is in it. A change here is a new image.

packages=(
    linux-image-cloud-amd64 linux-headers-cloud-amd64 zfs-dkms zfsutils-linux sanoid
    systemd-sysv udev dbus kmod iproute2 nftables procps psmisc openssh-server sudo adduser
    pv mbuffer zstd lz4 lzop pigz xz-utils gnupg openssl ca-certificates curl jq dash busybox attr acl smartmontools
)

data_disks=(b c d)
disk_size=4G
# Two networks. net0 is the one tests use, cut and slow; 10.0.2.2 on it is this machine's loopback. ctl0 only carries
# 'lab ssh' and never fails; nothing can be reached from the VM over it.
guest_address=10.0.2.15
control_address=10.0.3.15
# One CPU, but a second that could be added: where there can be one only, QEMU makes plain instructions of the locked ones
# that Linux relies on as memory barriers, and once in millions a disk's interrupt is lost for good (README.md).
hardware=(
    -no-user-config -nodefaults -machine pc -accel "tcg,thread=multi,tb-size=256" -cpu "max,la57=off,svm=off"
    -smp 1,maxcpus=2 -m 1536
    -device virtio-blk-pci,drive=system,serial=lab-system
    -device virtio-blk-pci,drive=b,serial=lab-b
    -device virtio-blk-pci,drive=c,serial=lab-c
    -device virtio-blk-pci,drive=d,serial=lab-d
    -netdev user,id=net0,ipv6=off -device virtio-net-pci,netdev=net0,mac=52:54:00:00:00:01,romfile=
    -netdev "user,id=ctl0,ipv6=off,net=10.0.3.0/24,restrict=on"
    -device virtio-net-pci,netdev=ctl0,mac=52:54:00:00:00:02,romfile=
    -chardev null,id=void -object "filter-redirector,id=cut,netdev=net0,queue=all,outdev=void,status=off"
)
# What is switched off here, and left out of the initrd, is what a boot under emulation spends its time on.
kernel_options='root=/dev/vda rw console=ttyS0 quiet mitigations=off panic=5 fsck.mode=skip 8250.nr_uarts=1'
kernel_options+=' systemd.getty_auto=no systemd.gpt_auto=no systemd.ssh_auto=no systemd.tpm2_wait=no'

make_root() { # SUITE ROOT
    local suite=$1 root=$2 unit
    mmdebstrap --variant=apt --components=main,contrib --include="$(IFS=, && echo "${packages[*]}")" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$suite" "$root" "$(debian_mirror)"
    ls "$root"/lib/modules/*/updates/dkms/zfs.ko* || die "the zfs kernel module was not built"
    rm -rf "$root"/usr/src/* "$root/var/lib/dkms"

    cp -rT --no-preserve=ownership "$lab_source/guest" "$root"
    chroot "$root" useradd --create-home --shell /bin/bash --password '*' zfssync
    give_keys "$root" root root
    give_keys "$root" zfssync home/zfssync
    rm -f "$root"/etc/ssh/ssh_host_*
    install -m 600 "$lab_dir/host_key" "$root/etc/ssh/ssh_host_ed25519_key"
    install -m 644 "$lab_dir/host_key.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
    sed 's/^/* /' "$lab_dir/host_key.pub" >"$root/etc/ssh/ssh_known_hosts"

    chroot "$root" update-initramfs -u
    chroot "$root" systemctl enable systemd-networkd ssh lab-peers
    chroot "$root" systemctl disable zfs-zed smartmontools systemd-networkd-wait-online
    # Nothing may start by itself in the middle of a test.
    find "$root/lib/systemd/system/" -maxdepth 1 -name '*.timer' -printf '%f\n' | while read -r unit; do
        chroot "$root" systemctl mask "$unit"
    done
}

give_keys() { # ROOT USER HOME
    local ssh=$1/$3/.ssh
    install -d -m 700 "$ssh"
    install -m 600 "$lab_dir/key" "$ssh/id_ed25519"
    install -m 600 "$lab_dir/key.pub" "$ssh/authorized_keys"
    chroot "$1" chown -R "$2:" "/$3/.ssh"
}

make_disk() { # DIR
    cp "$1"/root/boot/vmlinuz-* "$1/vmlinuz"
    cp "$1"/root/boot/initrd.img-* "$1/initrd"
    mke2fs -q -t ext4 -L root -d "$1/root" "$1/system.raw" 4G
    rm -rf --one-file-system "$1/root"
}

# The saved state is why 'lab up' takes seconds. The zfs module is not in it: its random numbers, and so the GUIDs of
# pools and snapshots, would be the same in every VM.
save_booted() { # DIR
    local dir=$1 disk
    for disk in "${data_disks[@]}"; do truncate -s "$disk_size" "$dir/$disk.raw"; done
    start_machine "$dir" "$dir" raw 900
    forward "$dir" ctl0 22 >"$dir/control"
    await_ssh "$dir" 600
    remote "$dir" root 'systemctl is-system-running --wait || { systemctl --failed --no-legend; exit 1; }'
    remote "$dir" root 'uname -r; zfs version; sanoid --version' | grep -E '^[0-9]|^zfs|sanoid' | tee "$dir/versions"
    unload_zfs "$dir"
    order "$dir" "migrate -d file:$dir/booted"
    await_saved "$dir"
    kill_machine "$dir"
    rm -f "$dir"/{monitor,pid,control,qemu.log,console.log} "$dir"/?.raw
}

# The modules below zfs go only once nothing uses them any more, which on a busy machine is a moment later.
unload_zfs() { # DIR
    # shellcheck disable=SC2016 # It is for the shell of the VM.
    remote "$1" root '
        for try in $(seq 60); do
            for module in zfs zunicode zzstd zlua icp zcommon znvpair zavl spl; do
                ! test -e /sys/module/$module || modprobe -r $module || true
            done
            if ! test -e /sys/module/spl; then sync; exit 0; fi
            sleep 1
        done
        echo "the modules of ZFS stay loaded:"; lsmod; exit 1'
}

await_saved() { # DIR
    local status
    while sleep 1; do
        status=$(monitor "$1" 'info migrate')
        [[ $status != *"tatus: failed"* ]] || die "the state of the booted machine could not be saved: $status"
        [[ $status != *"tatus: completed"* ]] || return 0
    done
}
