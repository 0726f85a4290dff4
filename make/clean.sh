#!/usr/bin/env bash
# Deletes what was built, and the clients' environments.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cargo clean
rm -rf "$cache/clients"
