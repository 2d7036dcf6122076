# fabric-samples' test-network, after `./network.sh up createChannel`, with or without `-ca`.
# shellcheck shell=bash disable=SC2034 # settings, which steps/ read
folder=$SAMPLES/test-network
export FABRIC_CFG_PATH=$SAMPLES/config
ORGANIZATIONS=$folder/organizations
CHANNEL=mychannel
ORG1_DOMAIN=org1.example.com ORG1_MSP=Org1MSP ORG1_PEER=localhost:7051
ORG2_DOMAIN=org2.example.com ORG2_MSP=Org2MSP ORG2_PEER=localhost:9051
# With -ca: the secret of each CA's registrar, admin.
ORG1_SECRET=adminpw ORG2_SECRET=adminpw
# Several times what the orderer waits before it cuts a block, 2 s.
TICK=10s

# Peers in containers reach services in containers: the network's own script builds, deploys and starts them.
install_contract() {
  [ -f "$CONTRACT/Dockerfile" ] ||
    fail "$CONTRACT has no Dockerfile: set CONTRACT to the folder chaincode/ of a clone of Veritrain."
  printf './network.sh deployCCAAS -ccn %s -ccp %s   (some minutes)\n' "$NAME" "$CONTRACT"
  try 1 deploy_as_container
}
deploy_as_container() { cd "$folder" && ./network.sh deployCCAAS -ccn "$NAME" -ccp "$CONTRACT"; }
serve_contract() { :; }
