#!/usr/bin/env bash
# Installs what is missing, or says exactly what to install.
#   setup.sh           what building and running need
#   setup.sh test      also what the tests need, and what they can do without if it comes easily
#   setup.sh clients   also Node and Go, for all the real clients
# When nothing is missing it only looks, in a fraction of a second.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
purpose=${1:-run}

rust_wanted=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)

have() { command -v "$1" >/dev/null; }

have_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return
    # libclang-cpp is another library, and often there alone.
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -Eq 'libclang(-[0-9.]+)?\.so' && return
    compgen -G '/usr/lib/llvm-*/lib/libclang.so*' >/dev/null || compgen -G '/usr/lib/llvm-*/lib/libclang-[0-9]*.so*' >/dev/null
}

# What Debian and Ubuntu call the things that are missing.
missing_packages() {
    have c++ || echo g++
    have_libclang || echo libclang-dev
    have make || echo make
    have curl || echo curl
    [ -d /etc/ssl/certs ] && [ -n "$(ls -A /etc/ssl/certs)" ] || echo ca-certificates
    case $purpose in test | clients)
        have git || echo git
        have python3 || echo python3
        python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
        ;;
    esac
    if [ "$purpose" = clients ]; then
        have node || echo nodejs
        have npm || echo npm
        have go || echo golang-go
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        # A password is asked for only where somebody can type it.
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        return 1
    fi
}

apt_install() {
    say "Installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# valgrind counts the instructions of a kept answer; where it is missing that test says so and passes. So it is tried
# once, never fails the set-up, asks for no password, and is not worth an upgrade of what is installed, such as libc.
install_valgrind() {
    local tried=$cache/valgrind-was-tried
    case $purpose in test | clients) ;; *) return 0 ;; esac
    if have valgrind || ! have apt-get || [ -e "$tried" ]; then return 0; fi
    mkdir -p "$cache" && touch "$tried"
    local install=(timeout 300 env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends)
    if ! as_root true </dev/null 2>/dev/null ||
        ! { as_root "${install[@]}" update && ! upgrades_with valgrind && as_root "${install[@]}" install valgrind; }; then
        say "valgrind is not installed, and not needed: the test of what a kept answer costs is left out."
    fi </dev/null
}

# Whether installing it would upgrade something: such lines name the old version in brackets.
upgrades_with() {
    LC_ALL=C apt-get -s --no-install-recommends install "$1" 2>/dev/null | grep -Eq '^Inst [^ ]+ \['
}

# Without root the compiler must be there, but libclang can come from PyPI.
fetch_libclang() {
    have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || return
    say "Fetching libclang from PyPI into $own_libclang"
    python3 -m venv "$own_libclang/venv" || return
    "$own_libclang/venv/bin/pip" install --quiet --disable-pip-version-check libclang==18.1.1 || return
    local found
    found=$(find "$own_libclang/venv" -name 'libclang.so' -print -quit)
    [ -n "$found" ] || return
    dirname "$found" >"$own_libclang/used"
    # env.sh, read again, exports it.
    source make/env.sh
}

install_packages() {
    local packages
    mapfile -t packages < <(missing_packages)
    [ "${#packages[@]}" -gt 0 ] || return 0
    if have apt-get && apt_install "${packages[@]}"; then
        mapfile -t packages < <(missing_packages)
        [ "${#packages[@]}" -gt 0 ] || return 0
    fi
    if [ "${packages[*]}" = libclang-dev ] && fetch_libclang; then
        return 0
    fi
    if have apt-get; then
        die "these packages are missing, and installing them needs root:
    apt-get install ${packages[*]}"
    fi
    die "missing: ${packages[*]} (as Debian names them). Install them with this system's package manager."
}

install_rust() {
    if ! have cargo; then
        say "Installing Rust $rust_wanted by rustup into $HOME/.cargo"
        local installer
        installer=$(mktemp)
        if ! curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs -o "$installer"; then
            rm -f "$installer"
            die "there is no cargo, and https://sh.rustup.rs cannot be reached. Install Rust $rust_wanted: https://rustup.rs"
        fi
        sh "$installer" -y --profile minimal --default-toolchain none --no-modify-path
        rm -f "$installer"
        export PATH="$HOME/.cargo/bin:$PATH"
    fi
    if have rustup; then
        # Asked for by name: rustup may have been told not to install a pinned toolchain on its own.
        if ! rustup run "$rust_wanted" rustc --version >/dev/null 2>&1; then
            rustup toolchain install "$rust_wanted" --profile minimal --component rustfmt --component clippy ||
                die "rustup could not install Rust $rust_wanted. Try: rustup toolchain install $rust_wanted"
        fi
        return
    fi
    local found
    found=$(rustc --version | cut -d' ' -f2)
    if [ "$(printf '%s\n' "$rust_wanted" "$found" | sort -V | head -n1)" != "$rust_wanted" ]; then
        die "Rust $rust_wanted or newer is needed, found $found. Install it by rustup: https://rustup.rs"
    fi
}

check_versions() {
    # The C++ of RocksDB is C++20.
    echo 'int main() { auto f = []<class T>(T a) { return a; }; return f(0); }' |
        c++ -std=c++20 -x c++ -fsyntax-only - 2>/dev/null ||
        die "the C++ compiler is too old: C++20 is needed (gcc 11 or clang 14 and newer)"
    [ "$purpose" = clients ] || return 0
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' ||
        die "Node 18 or newer is needed for the clients, found $(node --version)"
}

install_packages
install_rust
check_versions
install_valgrind
