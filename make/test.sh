#!/usr/bin/env bash
# Every test. CONCORD_CLIENTS=all makes each real client mandatory; without it those whose language
# is not installed are left out, and named at the end.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# A failing test says what differs; where in the harness it noticed is of no interest.
export RUST_LIB_BACKTRACE=0

report=$CARGO_TARGET_DIR/clients.txt
rm -f "$report"

# The tests of the `tests` package start the binary that this builds.
make/build.sh
cargo test "${PROFILE[@]}" --workspace --all-targets
cargo test "${PROFILE[@]}" --workspace --doc

if [ -e "$report" ]; then
    say
    say "Real clients:"
    sort "$report"
fi
