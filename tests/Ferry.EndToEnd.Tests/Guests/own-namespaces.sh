# Sourced by guest-base and guest-disk: everything that they do runs in mount and pid namespaces of its own that die with the script. Whatever happens, no mount, no
# loop device and no process stays on the host. Sets work, a folder beside OUT that is removed at the end; in_guest and quietly run programs in $root, the guest's tree.
export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
epoch=1735689600                # one date for everything that wants one

own_namespaces() {                              # own_namespaces OUT SCRIPT ARGUMENT...
    if [[ -z ${GUEST_WORK:-} ]]; then
        mkdir -p "$(dirname "$1")"
        work=$(mktemp -d "$(dirname "$1")/build.XXXXXX")
        inner=''
        trap '[[ -z $inner ]] || { kill -KILL "$inner" 2>/dev/null && wait "$inner" 2>/dev/null; } || true; rm -rf "$work"' EXIT
        trap 'exit 130' INT TERM HUP
        GUEST_WORK=$work setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc -- "${@:2}" &
        inner=$!
        wait "$inner" || exit
        exit 0
    fi
    work=$GUEST_WORK root=$GUEST_WORK/root
}

say() { echo "${0##*/}: $*" >&2; }
fail() { say "$*"; exit 1; }
in_guest() { DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH=$epoch INITRD=No chroot "$root" "$@"; }
quietly() { "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "failed: $*"; }; }

enter() {                                       # the tree becomes one in which packages can be installed
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"      # no service starts in the chroot
    chmod 755 "$root/usr/sbin/policy-rc.d"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/build"           # no fsync per file
}

leave() {
    umount "$root/proc" "$root/sys"
    rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/dpkg/dpkg.cfg.d/build" "$root/etc/resolv.conf"
    rm -rf "${root:?}"/tmp/* "$root"/var/log/{apt,bootstrap.log,dpkg.log,alternatives.log} "$root/var/cache/ldconfig"
}
