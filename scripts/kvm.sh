# Sourced by ./test and samples/boot-check: whether QEMU can use KVM on this machine.

# kvm_works: QEMU comes up with KVM and the host's processor. That /dev/kvm opens is not enough: in a virtual machine QEMU may abort or hang with it.
kvm_works() {
    [ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
    (
        ulimit -c 0
        timeout -s KILL 10 setpriv --pdeathsig KILL qemu-system-x86_64 -machine accel=kvm -cpu max -m 64 \
            -nodefaults -display none -S -monitor stdio <<<quit
    ) >/dev/null 2>&1
}

# guestfs_without_broken_kvm: guestfish and its kind only look whether /dev/kvm opens. Where it does not work they are told to emulate.
guestfs_without_broken_kvm() {
    [ -n "${LIBGUESTFS_BACKEND_SETTINGS:-}" ] || kvm_works || export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
}
