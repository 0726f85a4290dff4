#!/usr/bin/env bash
# Formats the sources.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cargo fmt --all
