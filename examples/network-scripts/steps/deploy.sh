# The contract, as a service of each organisation.
NAME=veritrain

# A setting of an organisation, such as: org 2 PEER
org() {
  local setting=ORG$1_$2
  printf '%s' "${!setting:-}"
}

# The peer command as the administrator of an organisation: peer_of 2 lifecycle chaincode …
peer_of() {
  local number=$1 domain
  shift
  domain=$(org "$number" DOMAIN)
  FABRIC_LOGGING_SPEC=error CORE_PEER_TLS_ENABLED=true CORE_PEER_TLS_ROOTCERT_FILE=$(root_of "$number") \
    CORE_PEER_ADDRESS=$(org "$number" PEER) CORE_PEER_LOCALMSPID=$(org "$number" MSP) \
    CORE_PEER_MSPCONFIGPATH=$ORGANIZATIONS/peerOrganizations/$domain/users/Admin@$domain/msp \
    peer "$@"
}
root_of() {
  local domain
  domain=$(org "$1" DOMAIN)
  printf '%s' "$ORGANIZATIONS/peerOrganizations/$domain/peers/peer0.$domain/tls/ca.crt"
}

check_network() {
  local number roots
  [ -d "$ORGANIZATIONS/peerOrganizations" ] || fail "There is no $ORGANIZATIONS: start the network first."
  for number in 1 2; do
    peer_of "$number" channel getinfo -c "$CHANNEL" >/dev/null ||
      fail "$(org "$number" PEER) does not answer for $CHANNEL: is the network running?"
  done
  # A network that was made again knows none of the keys in $MARKET.
  roots=$(cat "$ORGANIZATIONS"/peerOrganizations/*/msp/cacerts/* | cksum)
  mkdir -p "$MARKET"
  [ -f "$MARKET/network" ] || printf '%s\n' "$roots" >"$MARKET/network"
  [ "$roots" = "$(cat "$MARKET/network")" ] ||
    fail "$MARKET belongs to a network that is gone: ./market.sh down --wipe"
}

deploy() {
  say "The contract: $NAME on $CHANNEL"
  if peer_of 1 lifecycle chaincode querycommitted --channelID "$CHANNEL" --name "$NAME" >/dev/null 2>&1; then
    printf 'It is deployed.\n'
  else
    install_contract
  fi
}

install_contract() {
  local number id definition=(--channelID "$CHANNEL" --name "$NAME" --version 1 --sequence 1) peers=()
  local orderer=(-o "$ORDERER" --tls --cafile "$ORDERER_ROOT")
  [ -z "${POLICY:-}" ] || definition+=(--signature-policy "$POLICY")
  for number in 1 2; do package "$number"; done
  serve_contract
  for number in 1 2; do
    id=$(package_id "$number")
    [[ $(peer_of "$number" lifecycle chaincode queryinstalled) == *"$id"* ]] ||
      peer_of "$number" lifecycle chaincode install "$(package_of "$number")"
    [[ $(peer_of "$number" lifecycle chaincode checkcommitreadiness "${definition[@]}") == *"$(org "$number" MSP): true"* ]] ||
      try 20 peer_of "$number" lifecycle chaincode approveformyorg "${orderer[@]}" "${definition[@]}" --package-id "$id"
    peers+=(--peerAddresses "$(org "$number" PEER)" --tlsRootCertFiles "$(root_of "$number")")
  done
  try 20 peer_of 1 lifecycle chaincode commit "${orderer[@]}" "${definition[@]}" "${peers[@]}"
}

# What a peer is given in place of code: where the service listens. Made once, for its digest is its id.
package() {
  local folder
  folder=$(dirname "$(package_of "$1")")
  [ ! -f "$(package_of "$1")" ] || return 0
  mkdir -p "$folder"
  printf '{"address":"%s","dial_timeout":"10s","tls_required":false}\n' "$(org "$1" SERVICE)" >"$folder/connection.json"
  printf '{"type":"ccaas","label":"%s_1"}\n' "$NAME" >"$folder/metadata.json"
  tar -C "$folder" -czf "$folder/code.tar.gz" connection.json
  tar -C "$folder" -czf "$folder/package.new" metadata.json code.tar.gz
  mv "$folder/package.new" "$(package_of "$1")"
}
package_of() { printf '%s' "$MARKET/contract/org$1/package.tgz"; }
package_id() { peer lifecycle chaincode calculatepackageid "$(package_of "$1")"; }

# Whoever deployed it runs its services: where somebody else did, there is no package here.
serve_contract() {
  local number
  for number in 1 2; do
    [ ! -f "$(package_of "$number")" ] || start "service$number" "$CONTRACT" fabric-chaincode-node server \
      --chaincode-address "$(org "$number" SERVICE)" --chaincode-id "$(package_id "$number")"
  done
}
