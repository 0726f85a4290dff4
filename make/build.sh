#!/usr/bin/env bash
# Builds the release binary. Always the whole workspace: a part of it alone could unify the features
# of a dependency differently, and compile RocksDB a second time.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

if ! compgen -G "$CARGO_TARGET_DIR/release/build/librocksdb-sys-*/out/librocksdb.a" >/dev/null; then
    say "The first build compiles RocksDB: about ten minutes on two cores. Later builds do not."
fi
cargo build "${PROFILE[@]}" --workspace
