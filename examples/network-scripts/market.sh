#!/usr/bin/env bash
# A market on a Fabric network that runs already, to a predicted row.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
Usage: ./market.sh <command>

  up <table.csv> <target>      all of the following, in this order
  deploy                       install, approve and commit the contract; start its services
  members                      make profiles, configure the market, register everybody
  offer <table.csv> <target>   the hospital splits its table, the hosts join, agents start
  train                        the lab asks for a training, the hospital agrees; watch it
  predict <table.csv>          predict the table's first row with the trained model
  down [--wipe]                stop what was started here; --wipe, once the network is gone,
                               clears keys and profiles away

Each may be called again: what is done stays, what is missing is done.

Environment:
  NETWORK   a file of networks/: nano-bash (default), test-network, or env for any other
  SAMPLES   where fabric-samples lies (default ~/fabric-samples)
  MARKET    where keys, profiles, vault and logs go (default market/ beside this script)
  CONTRACT  the contract's folder (default: the installed @veritrain/chaincode)
  COUPLE    id of the training (default tc_first): with another one the lab trains again
  ROUNDS    of the training (default 4)
END
}

say() { printf '\n==> %s\n' "$*"; }
fail() {
  printf 'market.sh: %s\n' "$*" >&2
  exit 1
}

# Makes a call, at most so many times. Its words go to a log, and here where it fails.
try() {
  local tries=$1 said
  shift
  until said=$("$@" 2>&1); do
    ((--tries)) || fail "$said"
    sleep 2
  done
  mkdir -p "$MARKET/logs"
  printf '%s\n' "$said" >>"$MARKET/logs/market.log"
}
# The same for veritrain, which it shows: an operator may type it, too.
quietly() {
  printf 'veritrain %s\n' "$*"
  try "${tries:-1}" veritrain "$@"
}

command=${1:---help}
case $command in
  -h | --help | help) usage && exit ;;
  up | offer) [ $# -eq 3 ] || fail "Say which table and which column: ./market.sh $command <table.csv> <target>" ;;
  predict) [ $# -eq 2 ] || fail 'Say which table: ./market.sh predict <table.csv>' ;;
  deploy | members | train | down) ;;
  *) fail "There is no command $command: ./market.sh --help" ;;
esac
shift

NETWORK=${NETWORK:-nano-bash}
SAMPLES=${SAMPLES:-$HOME/fabric-samples}
MARKET=${MARKET:-$here/market}
CONTRACT=${CONTRACT:-$here/node_modules/@veritrain/chaincode}
COUPLE=${COUPLE:-tc_first}
ROUNDS=${ROUNDS:-4}
for path in SAMPLES MARKET CONTRACT; do
  [[ ${!path} = /* ]] || printf -v "$path" '%s' "$PWD/${!path}"
done
# Variables of a shell that spoke for a peer's administrator are not for the services.
unset CORE_PEER_TLS_ENABLED
export CORE_CHAINCODE_LOGGING_LEVEL=error
export VERITRAIN_HOME=$MARKET/home PATH=$here/node_modules/.bin:$SAMPLES/bin:$PATH
. "$here/steps/processes.sh"
. "$here/steps/deploy.sh"
. "$here/steps/members.sh"
. "$here/steps/train.sh"
if [ "$command" = down ]; then
  down "$@"
  exit
fi
[ -f "$here/networks/$NETWORK.sh" ] || fail "NETWORK is $NETWORK, and there is no networks/$NETWORK.sh."
# shellcheck source=networks/nano-bash.sh
. "$here/networks/$NETWORK.sh"
check_network
serve_contract
case $command in
  up)
    deploy
    members
    offer "$@"
    train
    predict "$1"
    ;;
  *) "$command" "$@" ;;
esac
