# Any other network of two organisations with TLS: the environment says where it is.
# shellcheck shell=bash
#   FABRIC_CFG_PATH           a folder with a core.yaml, which the peer command wants
#   ORGANIZATIONS             keys and certificates, in the layout of cryptogen
#   CHANNEL                   its peers take chaincode as a service (the ccaas builder)
#   ORDERER, ORDERER_ROOT     an orderer's host:port; the root of its TLS certificate
# and for the second organisation, too:
#   ORG1_DOMAIN, ORG1_MSP     org1.example.com, Org1MSP
#   ORG1_PEER, ORG1_SERVICE   host:port of peer0.<domain>, and where the contract's service is to listen
# Where they are of use:
#   ORG1_SECRET               of the registrar (admin) of its CA, where identities come from Fabric CAs
#   POLICY                    of endorsement, where the channel's own does not do
#   TICK                      of the market's clock: several times the orderer's batch timeout
for setting in FABRIC_CFG_PATH ORGANIZATIONS CHANNEL ORDERER ORDERER_ROOT \
  ORG{1,2}_{DOMAIN,MSP,PEER,SERVICE}; do
  [ -n "${!setting:-}" ] || fail "NETWORK=env wants $setting: networks/env.sh says what it is."
done
TICK=${TICK:-10s}
