import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';

interface Message {
  serializeBinary(): Uint8Array;
}

function put(group: common.ConfigGroup, name: string, message: Message): void {
  const value = new common.ConfigValue();
  value.setValue(message.serializeBinary());
  group.getValuesMap().set(name, value);
}

function addresses(...list: string[]): common.OrdererAddresses {
  const message = new common.OrdererAddresses();
  message.setAddressesList(list);
  return message;
}

export function implicit(rule: 0 | 1 | 2): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(rule);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(meta.serializeBinary());
  return policy;
}

/** A choice among signers (by their numbers) and further choices. */
export interface Choice {
  readonly n: number;
  readonly of: readonly (number | Choice)[];
}

function ruleOf(choice: number | Choice): common.SignaturePolicy {
  const rule = new common.SignaturePolicy();
  if (typeof choice === 'number') {
    rule.setSignedBy(choice);
    return rule;
  }
  const outOf = new common.SignaturePolicy.NOutOf();
  outOf.setN(choice.n);
  outOf.setRulesList(choice.of.map(ruleOf));
  rule.setNOutOf(outOf);
  return rule;
}

/** A peer of an organisation. */
export function peerOf(mspId: string): msp.MSPPrincipal {
  const role = new msp.MSPRole();
  role.setMspIdentifier(mspId);
  role.setRole(msp.MSPRole.MSPRoleType.PEER);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(role.serializeBinary());
  return principal;
}

export function signatures(
  choice: Choice,
  signers: readonly msp.MSPPrincipal[],
): common.SignaturePolicyEnvelope {
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(ruleOf(choice));
  envelope.setIdentitiesList([...signers]);
  return envelope;
}

export function signaturePolicy(envelope: common.SignaturePolicyEnvelope): common.Policy {
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(envelope.serializeBinary());
  return policy;
}

/** Four organisations, of which the second names an anchor peer, and each can define contracts. */
export function application(endorsement: common.Policy | undefined): common.ConfigGroup {
  const group = new common.ConfigGroup();
  for (const mspId of ['Org2MSP', 'Org1MSP', 'Org4MSP', 'Org3MSP']) {
    const organization = new common.ConfigGroup();
    if (mspId === 'Org2MSP') {
      const anchor = new peer.AnchorPeer();
      anchor.setHost('peer0.org2.example.com');
      anchor.setPort(7051);
      const anchors = new peer.AnchorPeers();
      anchors.addAnchorPeers(anchor);
      put(organization, 'AnchorPeers', anchors);
    }
    group.getGroupsMap().set(mspId, organization);
  }
  const policies = {
    Endorsement: endorsement,
    LifecycleEndorsement: implicit(common.ImplicitMetaPolicy.Rule.ANY),
  };
  for (const [name, policy] of Object.entries(policies)) {
    const entry = new common.ConfigPolicy();
    entry.setPolicy(policy);
    group.getPoliciesMap().set(name, entry);
  }
  return group;
}

function ordering(type: string): common.ConfigGroup {
  const group = new common.ConfigGroup();
  const consensus = new orderer.ConsensusType();
  consensus.setType(type);
  const raft = new orderer.etcdraft.ConfigMetadata();
  raft.setConsentersList([1, 2, 3].map(() => new orderer.etcdraft.Consenter()));
  if (type === 'etcdraft') consensus.setMetadata(raft.serializeBinary());
  put(group, 'ConsensusType', consensus);
  const bft = new common.Orderers();
  bft.setConsenterMappingList([1, 2, 3, 4].map(() => new common.Consenter()));
  if (type === 'BFT') put(group, 'Orderers', bft);
  const organization = new common.ConfigGroup();
  put(organization, 'Endpoints', addresses('orderer1:7050', 'orderer2:7050'));
  group.getGroupsMap().set('OrdererMSP', organization);
  return group;
}

export function configBlock(
  endorsement: common.Policy | undefined = implicit(common.ImplicitMetaPolicy.Rule.MAJORITY),
  type = 'etcdraft',
): common.Block {
  const channel = new common.ConfigGroup();
  channel.getGroupsMap().set('Application', application(endorsement));
  channel.getGroupsMap().set('Orderer', ordering(type));
  put(channel, 'OrdererAddresses', addresses('orderer1:7050', 'orderer0:7050'));
  const config = new common.Config();
  config.setChannelGroup(channel);
  const content = new common.ConfigEnvelope();
  content.setConfig(config);
  const payload = new common.Payload();
  payload.setData(content.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return blockWith(envelope.serializeBinary());
}

/** A block that says in which one the configuration stands. */
export function blockWith(envelope: Uint8Array, lastConfig = 7): common.Block {
  const data = new common.BlockData();
  data.addData(envelope);
  const last = new common.LastConfig();
  last.setIndex(lastConfig);
  const ofOrderer = new common.OrdererBlockMetadata();
  ofOrderer.setLastConfig(last);
  const signed = new common.Metadata();
  signed.setValue(ofOrderer.serializeBinary());
  const metadata = new common.BlockMetadata();
  metadata.addMetadata(signed.serializeBinary());
  const block = new common.Block();
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}
