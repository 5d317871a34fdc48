# shellcheck shell=bash
# The image of a suite: the disk of a machine with OpenZFS, its kernel, and its state just after it booted.
#
# An image is a directory named after its recipe, made under another name and renamed when it is whole: a recipe that
# changed is another image, and an interrupted build leaves nothing that could be taken for one.

image_of() { # SUITE: the directory, whether it is there or not
    echo "$images_dir/$1-$(recipe_hash)"
}

has_image() { # SUITE
    [ -f "$lab_dir/key.pub" ] && command -v qemu-system-x86_64 >/dev/null && [ -d "$(image_of "$1")" ]
}

# The recipe, what it lays into the root file system, QEMU (which reads no other version's state), and the keys.
recipe_hash() {
    {
        (cd "$lab_source" && find recipe.sh guest -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
        qemu_version
        cat "$lab_dir/key.pub" "$lab_dir/host_key.pub"
    } | sha256sum | cut -c 1-12
}

# One key opens every VM, and every VM has the same host key, so that ssh between them asks nothing.
make_keys() {
    local key
    for key in key host_key; do
        [ -f "$lab_dir/$key.pub" ] || ssh-keygen -q -t ed25519 -N '' -C zfs-sync-lab -f "$lab_dir/$key"
    done
}

build() {
    local suite=$1 image started=$SECONDS
    check_suite "$suite"
    make_lab_dir
    lock_build
    need_tools
    make_keys
    image=$(image_of "$suite")
    if [ -d "$image" ]; then
        say "$image is there"
    else
        make_image "$suite" "$image"
        say "built $image in $((SECONDS - started)) s"
    fi
    cat "$image/versions"
    exec 8>&-
}

make_image() { # SUITE IMAGE
    local suite=$1 image=$2
    [ "$(id -u)" = 0 ] || die "only root can build an image"
    forget_unfinished_builds
    forget_old_images
    build_log=$lab_dir/build-$suite.log
    unfinished=$(mktemp -d "$images_dir/.unfinished-XXXXXX")
    exec 6>&2
    trap leave_build EXIT
    trap 'exit 130' INT TERM HUP
    say "building $image; this takes minutes, $build_log tells how far it is"
    # Not in a condition: bash would go on after a failed command.
    make_root "$suite" "$unfinished/root" >"$build_log" 2>&1
    make_disk "$unfinished" >>"$build_log" 2>&1
    save_booted "$unfinished" >>"$build_log" 2>&1
    mv -T "$unfinished" "$image"
    trap - EXIT INT TERM HUP
    exec 6>&-
}

leave_build() {
    exec >&6 2>&6 # still the log, when a step ended in between
    say "the image was not built; the end of $build_log:"
    tail -n 20 "$build_log"
    [ ! -s "$unfinished/console.log" ] || tail -n 10 "$unfinished/console.log"
    forget_unfinished_builds
}

# Under the lock of the build, whatever is unfinished belongs to nobody.
forget_unfinished_builds() {
    local leftover
    for leftover in "$images_dir"/.unfinished-*; do
        [ -d "$leftover" ] || continue
        kill_machine "$leftover"
        rm -rf --one-file-system "$leftover"
    done
}

# Another checkout may still have another recipe, so an image goes only when it was not used for a week.
forget_old_images() {
    local old
    find "$images_dir" -mindepth 1 -maxdepth 1 -mtime +7 | while read -r old; do
        grep -qsxF -- "$old" "$fleets_dir"/*/*/image || rm -rf --one-file-system "$old"
    done
}
