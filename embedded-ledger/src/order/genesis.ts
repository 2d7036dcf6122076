import { randomBytes } from 'node:crypto';
import timestampProtos from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { common, orderer as ordererProtos, peer } from '@hyperledger/fabric-protos';
import { transactionIdOf } from '../hashing.js';
import type { Network, Organization } from '../identity/organizations.js';
import type { EndorsementRule } from '../options.js';
import { assembleBlock, hashBlockData } from './block.js';
import { atLeast, implicitMeta, membershipConfig, organizationPolicies } from './policies.js';
import type { Rule } from './policies.js';

export interface ChannelSettings {
  readonly channel: string;
  readonly endorse: EndorsementRule;
  readonly batchSize: number;
  readonly batchTimeoutMs: number;
}

/** Maximum bytes of one message, and of the transactions of one block together: Fabric's defaults. */
export const ABSOLUTE_MAX_BYTES = 10 * 1024 * 1024;
export const PREFERRED_MAX_BYTES = 2 * 1024 * 1024;

interface Message {
  serializeBinary(): Uint8Array;
}

/** Block 0: a config block as `configtxgen` makes it, with every organisation's root and the channel's policies. */
export function createGenesisBlock(network: Network, settings: ChannelSettings): common.Block {
  const channel = new common.ConfigGroup();
  channel.getGroupsMap().set('Application', applicationGroup(network.peers, settings.endorse));
  channel.getGroupsMap().set('Orderer', ordererGroup(network.orderer, settings));
  setValue(channel, 'HashingAlgorithm', named(new common.HashingAlgorithm(), 'SHA256'));
  const hashing = new common.BlockDataHashingStructure();
  hashing.setWidth(0xffffffff);
  setValue(channel, 'BlockDataHashingStructure', hashing);
  setValue(channel, 'Capabilities', capabilities('V2_0'));
  setPolicies(channel, standardPolicies());
  const config = new common.Config();
  config.setChannelGroup(channel);
  const envelope = new common.ConfigEnvelope();
  envelope.setConfig(config);

  const envelopes = [configTransaction(settings.channel, envelope)];
  const header = { number: 0, previousHash: new Uint8Array(), dataHash: hashBlockData(envelopes) };
  return assembleBlock(header, envelopes, [peer.TxValidationCode.VALID], undefined);
}

function applicationGroup(organizations: readonly Organization[], rule: EndorsementRule): common.ConfigGroup {
  const group = new common.ConfigGroup();
  for (const organization of organizations) {
    group.getGroupsMap().set(organization.mspId, organizationGroup(organization, 'peer'));
  }
  setValue(group, 'Capabilities', capabilities('V2_5'));
  setPolicies(group, {
    ...standardPolicies(),
    LifecycleEndorsement: implicitMeta('MAJORITY', 'Endorsement'),
    Endorsement: endorsementPolicy(organizations, rule),
  });
  return group;
}

function endorsementPolicy(organizations: readonly Organization[], rule: EndorsementRule): Rule {
  if (rule === 'all') return implicitMeta('ALL', 'Endorsement');
  if (rule === 'any') return implicitMeta('ANY', 'Endorsement');
  if (rule === 'majority') return implicitMeta('MAJORITY', 'Endorsement');
  return atLeast(
    rule,
    organizations.map(({ mspId }) => ({ mspId, role: 'PEER' })),
  );
}

function ordererGroup(organization: Organization, settings: ChannelSettings): common.ConfigGroup {
  const group = new common.ConfigGroup();
  const member = organizationGroup(organization, 'orderer');
  const addresses = new common.OrdererAddresses();
  addresses.addAddresses(organization.nodeAddress);
  setValue(member, 'Endpoints', addresses);
  group.getGroupsMap().set(organization.mspId, member);

  const consensus = new ordererProtos.ConsensusType();
  consensus.setType('solo');
  setValue(group, 'ConsensusType', consensus);
  const size = new ordererProtos.BatchSize();
  size.setMaxMessageCount(settings.batchSize);
  size.setAbsoluteMaxBytes(ABSOLUTE_MAX_BYTES);
  size.setPreferredMaxBytes(PREFERRED_MAX_BYTES);
  setValue(group, 'BatchSize', size);
  const timeout = new ordererProtos.BatchTimeout();
  timeout.setTimeout(`${String(settings.batchTimeoutMs)}ms`);
  setValue(group, 'BatchTimeout', timeout);
  setValue(group, 'ChannelRestrictions', new ordererProtos.ChannelRestrictions());
  setValue(group, 'Capabilities', capabilities('V2_0'));
  setPolicies(group, { ...standardPolicies(), BlockValidation: implicitMeta('ANY', 'Writers') });
  return group;
}

function organizationGroup(organization: Organization, kind: 'peer' | 'orderer'): common.ConfigGroup {
  const group = new common.ConfigGroup();
  setValue(group, 'MSP', membershipConfig(organization));
  setPolicies(group, organizationPolicies(organization.mspId, kind));
  return group;
}

function standardPolicies(): Record<string, Rule> {
  return {
    Readers: implicitMeta('ANY', 'Readers'),
    Writers: implicitMeta('ANY', 'Writers'),
    Admins: implicitMeta('MAJORITY', 'Admins'),
  };
}

function capabilities(name: string): common.Capabilities {
  const result = new common.Capabilities();
  result.getCapabilitiesMap().set(name, new common.Capability());
  return result;
}

function named<T extends { setName(name: string): unknown }>(message: T, name: string): T {
  message.setName(name);
  return message;
}

function setValue(group: common.ConfigGroup, name: string, message: Message): void {
  const value = new common.ConfigValue();
  value.setValue(message.serializeBinary());
  value.setModPolicy('Admins');
  group.getValuesMap().set(name, value);
}

function setPolicies(group: common.ConfigGroup, rules: Readonly<Record<string, Rule>>): void {
  group.setModPolicy('Admins');
  for (const [name, rule] of Object.entries(rules)) {
    const policy = new common.Policy();
    policy.setType(rule.type);
    policy.setValue(rule.message.serializeBinary());
    const entry = new common.ConfigPolicy();
    entry.setPolicy(policy);
    entry.setModPolicy('Admins');
    group.getPoliciesMap().set(name, entry);
  }
}

function configTransaction(channel: string, config: common.ConfigEnvelope): Uint8Array {
  const nonce = randomBytes(24);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(timestampProtos.Timestamp.fromDate(new Date()));
  channelHeader.setTxId(transactionIdOf(nonce, new Uint8Array()));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(config.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}
