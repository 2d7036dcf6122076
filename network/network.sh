#!/bin/sh
# `./network.sh up`, `deploy`, `upgrade`, `status`, `down`, `install`: shortcuts for `veritrain network …`.
here="$(cd "$(dirname "$0")" && pwd)"
PATH="$here/../node_modules/.bin:$PATH" exec node "$here/../cli/bin/veritrain.js" network "$@"
