#!/usr/bin/env bash
# Formatting, clippy and the documentation, each without a single warning.
# The same profile and folder as the build, so that RocksDB is not compiled again.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cargo fmt --all --check
cargo clippy "${PROFILE[@]}" --workspace --all-targets -- -D warnings
# The documentation is for those who work on it: private items are in it, and may be linked to.
RUSTDOCFLAGS='-D warnings -A rustdoc::private-intra-doc-links' \
    cargo doc "${PROFILE[@]}" --workspace --no-deps --document-private-items

if command -v cargo-deny >/dev/null; then
    cargo deny check bans licenses sources
else
    say "cargo-deny is not installed: licences, bans and sources were not checked (cargo install cargo-deny --locked)."
fi
