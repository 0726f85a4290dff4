# Sourced by the other scripts: where things are built, and with which tools.
# It changes nothing on the machine; setup.sh does that.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/concord

# One folder and one profile for every checkout on this machine: RocksDB's C++ takes ten minutes
# to compile, and a second folder or profile would compile it again.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${CONCORD_BUILD_CACHE:-$cache/target}}
PROFILE=(--release --locked)

# rustup's own place, for a shell that was open before rustup came.
if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
    export PATH="$HOME/.cargo/bin:$PATH"
fi

# A libclang that setup.sh fetched without root; bindgen then also needs the compiler's own headers.
own_libclang=$cache/libclang
if [ -e "$own_libclang/used" ]; then
    LIBCLANG_PATH=$(cat "$own_libclang/used")
    BINDGEN_EXTRA_CLANG_ARGS="-isystem $(${CC:-cc} -print-file-name=include)"
    export LIBCLANG_PATH BINDGEN_EXTRA_CLANG_ARGS
fi

say() { printf '%s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
