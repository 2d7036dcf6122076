# fabric-samples' test-network-nano-bash, after `./network.sh start`, with or without `-ca`.
# shellcheck shell=bash disable=SC2034 # settings, which steps/ read
folder=$SAMPLES/test-network-nano-bash
export FABRIC_CFG_PATH=$SAMPLES/config
ORGANIZATIONS=$folder/crypto-config
CHANNEL=mychannel
ORDERER=127.0.0.1:6050
ORDERER_ROOT=$ORGANIZATIONS/ordererOrganizations/example.com/orderers/orderer.example.com/tls/ca.crt
ORG1_DOMAIN=org1.example.com ORG1_MSP=Org1MSP ORG1_PEER=127.0.0.1:7051 ORG1_SERVICE=127.0.0.1:9991
ORG2_DOMAIN=org2.example.com ORG2_MSP=Org2MSP ORG2_PEER=127.0.0.1:7055 ORG2_SERVICE=127.0.0.1:9992
# By the channel's own policy one organisation alone could write anything.
POLICY="AND('Org1MSP.peer','Org2MSP.peer')"
# With -ca: the secret of each CA's registrar, admin.
ORG1_SECRET=adminpw ORG2_SECRET=adminpw
# Several times what the orderer waits before it cuts a block, 2 s.
TICK=10s
