#!/usr/bin/env bash
# The measurements, all of them or those that BENCH names.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

make/build.sh
# Ten thousand connections are opened by one process.
ulimit -n "$(ulimit -Hn)"
if [ -n "${BENCH:-}" ]; then
    cargo bench --locked --workspace --bench "$BENCH"
else
    cargo bench --locked --workspace --benches
fi
