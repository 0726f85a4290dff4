#!/usr/bin/env bash
# The measurements, all of them or those that BENCH names.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

make/build.sh
# Ten thousand connections are opened by one process.
ulimit -n "$(ulimit -Hn)"
if [ -n "${BENCH:-}" ]; then
    cargo bench --locked --workspace --bench "$BENCH"
else
    # The page of figures is written by the last one, from what the others leave.
    rm -rf "$CARGO_TARGET_DIR/criterion"
    others=(benches/benches/*.rs)
    others=("${others[@]##*/}")
    others=("${others[@]%.rs}")
    cargo bench --locked --workspace "${others[@]/#/--bench=}"
    cargo bench --locked --workspace --bench http
fi
