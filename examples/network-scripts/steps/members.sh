# Who takes part: name, organisation, role, and the user of its folder where cryptogen made the identities.
everybody='hospital 1 dataOwner User1
lab 2 modelOwner User1
alder 1 cloudOwner User2
birch 2 cloudOwner User2
cedar 2 cloudOwner User3'
hosts='alder birch cedar'

members() {
  local number name role user identity folder=$ORGANIZATIONS
  say 'Members: two operators, a hospital, a lab, and three hosts'
  ! by_cryptogen || folder=$(more_users)
  for number in 1 2; do
    profile "operator$number" "$number" "$folder" --user Admin
    # Peers that have just started have not heard of each other yet.
    tries=20 quietly market configure --voters "$ORG1_MSP" "$ORG2_MSP" --tick "$TICK" --profile "operator$number"
  done
  while read -r name number role user; do
    if by_cryptogen; then identity=(--user "$user"); else identity=(--register --registrar admin); fi
    profile "$name" "$number" "$folder" "${identity[@]}"
    quietly participant register --role "$role" --profile "$name"
  done <<<"$everybody"
}

# profile NAME ORGANISATION FOLDER WHERE-THE-IDENTITY-COMES-FROM…: unless there is one.
profile() {
  [ ! -f "$VERITRAIN_HOME/profiles/$1/profile.json" ] || return 0
  VERITRAIN_ENROLMENT_SECRET=$(org "$2" SECRET) quietly init "$1" --fabric "$3" \
    --organization "$(org "$2" DOMAIN)" --msp-id "$(org "$2" MSP)" --gateway "$(org "$2" PEER)" \
    --channel "$CHANNEL" --chaincode "$NAME" "${@:4}"
}

# cryptogen leaves the key of each organisation's CA in its folder; a Fabric CA keeps it.
by_cryptogen() { compgen -G "$ORGANIZATIONS/peerOrganizations/$ORG1_DOMAIN/ca/*_sk" >/dev/null; }

# cryptogen made one user of each organisation: it adds two, in a copy. Prints the copy's folder.
more_users() {
  local copy=$MARKET/organizations number
  if [ ! -d "$copy" ]; then
    rm -rf "$copy.new"
    mkdir "$copy.new"
    cp -R "$ORGANIZATIONS/peerOrganizations" "$copy.new/"
    printf 'PeerOrgs:\n' >"$copy.yaml"
    for number in 1 2; do
      printf -- '- {Name: %s, Domain: %s, EnableNodeOUs: true, Users: {Count: 3}}\n' \
        "$(org "$number" MSP)" "$(org "$number" DOMAIN)" >>"$copy.yaml"
    done
    cryptogen extend --input "$copy.new" --config "$copy.yaml" >&2
    mv "$copy.new" "$copy"
  fi
  printf '%s' "$copy"
}
