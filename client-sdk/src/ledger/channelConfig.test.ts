import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { Failure, ScriptedGateway } from '../testing/scriptedGateway.js';
import { lastConfigOf, readChannelConfig } from './channelConfig.js';

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

function implicit(rule: 0 | 1 | 2): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(rule);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(meta.serializeBinary());
  return policy;
}

/** `n` out of as many rules: each somebody's signature, or where it is nested a choice of its own. */
function signatures(n: number, rules: number, nested = false): common.Policy {
  const choice = new common.SignaturePolicy.NOutOf();
  choice.setN(n);
  for (let index = 0; index < rules; index += 1) {
    const rule = new common.SignaturePolicy();
    if (nested) rule.setNOutOf(new common.SignaturePolicy.NOutOf());
    else rule.setSignedBy(index);
    choice.addRules(rule);
  }
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(choice);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(envelope.serializeBinary());
  return policy;
}

/** Four organisations, of which the second names an anchor peer. */
function application(endorsement: common.Policy | undefined): common.ConfigGroup {
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
  if (endorsement !== undefined) {
    const entry = new common.ConfigPolicy();
    entry.setPolicy(endorsement);
    group.getPoliciesMap().set('Endorsement', entry);
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

function configBlock(
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
function blockWith(envelope: Uint8Array, lastConfig = 7): common.Block {
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

describe('the configuration of a channel', () => {
  it('names organisations, their anchor peers, and the orderers of old and new form, each once', () => {
    expect(readChannelConfig(configBlock())).toEqual({
      organizations: [
        { mspId: 'Org1MSP', anchorPeers: [] },
        { mspId: 'Org2MSP', anchorPeers: ['peer0.org2.example.com:7051'] },
        { mspId: 'Org3MSP', anchorPeers: [] },
        { mspId: 'Org4MSP', anchorPeers: [] },
      ],
      endorsementsNeeded: 3,
      ordering: {
        consensus: 'etcdraft',
        addresses: ['orderer1:7050', 'orderer0:7050', 'orderer2:7050'],
        consenters: 3,
      },
    });
    const { ordering: bft } = readChannelConfig(configBlock(undefined, 'BFT'));
    expect(bft).toMatchObject({ consensus: 'BFT', consenters: 4 });
    expect(readChannelConfig(configBlock(undefined, 'solo')).ordering.consenters).toBe(0);
  });

  it.each([
    ['any of four', implicit(common.ImplicitMetaPolicy.Rule.ANY), 1],
    ['all of four', implicit(common.ImplicitMetaPolicy.Rule.ALL), 4],
    ['a majority of four', implicit(common.ImplicitMetaPolicy.Rule.MAJORITY), 3],
    ['two signatures of a list', signatures(2, 4), 2],
    ['a choice of choices, which is no number', signatures(1, 2, true), undefined],
  ])('says how many must endorse: %s', (_, policy, needed) => {
    expect(readChannelConfig(configBlock(policy)).endorsementsNeeded).toBe(needed);
  });

  it('is not taken from a block that has none', () => {
    expect(() => readChannelConfig(blockWith(new Uint8Array()))).toThrow('no configuration');
    expect(lastConfigOf(blockWith(new Uint8Array()))).toBe(7);
    expect(lastConfigOf(new common.Block())).toBe(0);
  });

  it('is asked for twice: for the newest block, and for the one that this names', async () => {
    const blocks = [blockWith(new Uint8Array()), configBlock()];
    const server = await new ScriptedGateway({
      evaluate: () => blocks.shift()!.serializeBinary(),
    }).start();
    const ledger = testConnection(server.address);
    expect((await ledger.channelConfig()).organizations).toHaveLength(4);
    blocks.push(blockWith(new Uint8Array()), blockWith(new Uint8Array()));
    await expect(ledger.channelConfig()).rejects.toMatchObject({ code: 'VT8006' });
    ledger.close();
    server.stop();
  });
});

describe('a rehearsal', () => {
  const call = { name: 'ParticipantContract:WhoAmI', argument: '{}' };

  it('is endorsed and never sent, and tried once alone', async () => {
    let dead = false;
    const server = await new ScriptedGateway({
      endorse: () => {
        if (!dead) return Buffer.from('{}');
        const launch = 'error in simulation: failed to execute transaction 1: could not launch chaincode c:1';
        throw new Failure(status.ABORTED, 'failed to collect enough transaction endorsements', [launch]);
      },
    }).start();
    const ledger = testConnection(server.address);
    await ledger.rehearse(call, undefined);
    await ledger.rehearse(call, 'Org2MSP');
    dead = true;
    await expect(ledger.rehearse(call, 'Org2MSP')).rejects.toMatchObject({ code: 'VT8110' });
    expect(server.asked).toEqual(['endorse', 'endorse', 'endorse']);
    expect(server.endorsers).toEqual([[], ['Org2MSP'], ['Org2MSP']]);
    ledger.close();
    server.stop();
  });
});
