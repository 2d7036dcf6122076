#!/bin/sh
# Starts the chaincode as a service with the variables that Fabric's samples set: CHAINCODE_SERVER_ADDRESS, CHAINCODE_ID
# or CORE_CHAINCODE_ID_NAME, and with CORE_PEER_TLS_ENABLED=true the files of /hyperledger.
set -eu

address="${CHAINCODE_SERVER_ADDRESS:?must be the address to listen on, such as 0.0.0.0:9999}"
id="${CHAINCODE_ID:-${CORE_CHAINCODE_ID_NAME:?must be the package id that the peer installed}}"
set -- --chaincode-address "$address" --chaincode-id "$id"

if [ "${CORE_PEER_TLS_ENABLED:-false}" = true ]; then
  tls="${CHAINCODE_TLS_FOLDER:-/hyperledger}"
  set -- "$@" --chaincode-tls-key-file "$tls/privatekey.pem" --chaincode-tls-cert-file "$tls/cert.pem" \
    --chaincode-tls-client-cacert-file "$tls/rootcert.pem"
fi

# A container may have the peer's variables. The chaincode must not read them.
exec env -u CORE_PEER_TLS_ENABLED -u CORE_CHAINCODE_ID_NAME node_modules/.bin/fabric-chaincode-node server "$@"
