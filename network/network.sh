#!/bin/sh
# `./network.sh up`, `deploy`, `upgrade`, `status`, `down`, `install`: as `veritrain network …`, for who looks here.
here="$(cd "$(dirname "$0")" && pwd)"
PATH="$here/../node_modules/.bin:$PATH" exec node "$here/../agents/bin/veritrain.js" network "$@"
