# Sourced by ./ferry and ./test: makes sure that Debian packages are there.

# need_packages WHY PACKAGE...: installs what is missing when root, else says exactly what to install and ends with code 2.
need_packages() {
    local why=$1 missing=() package
    shift
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "error[PACKAGES_MISSING]: $why needs Debian packages that are not installed; run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 2
    fi
    echo "installing for $why: ${missing[*]}" >&2
    # The index may be old or missing on a fresh machine: asked again once before it is an error.
    local log
    log=$(mktemp)
    install_packages "${missing[@]}" >"$log" 2>&1 || { apt-get update >>"$log" 2>&1; install_packages "${missing[@]}" >>"$log" 2>&1; } || {
        tail -n 20 "$log" >&2
        echo "error[PACKAGES_MISSING]: could not install ${missing[*]}; see the lines above" >&2
        exit 2
    }
    rm -f "$log"
}

install_packages() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# A kernel that libguestfs can start: any readable one does, the cloud kernel is the smallest.
guestfs_packages() {
    echo libguestfs0 libguestfs-xfs supermin qemu-system-x86 qemu-utils kmod
    compgen -G '/boot/vmlinuz-*' >/dev/null || echo linux-image-cloud-amd64
}

need_guestfs() {
    # shellcheck disable=SC2046
    need_packages "the guest fix-up" $(guestfs_packages)
}

# What the first-boot service of Windows guests is compiled with.
first_boot_packages() {
    echo gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32
}

need_dotnet() {
    command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' && return 0
    echo "error[DOTNET_MISSING]: the .NET 10 SDK is not installed; install it and put dotnet on the PATH" >&2
    exit 2
}
