import { common, peer } from '@hyperledger/fabric-protos';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { blockWith, configBlock } from '../testing/channelBlocks.js';
import { testConnection } from '../testing/connection.js';
import { Failure, ScriptedGateway } from '../testing/scriptedGateway.js';
import { lastConfigOf, readChannelConfig } from './channelConfig.js';

describe('the configuration of a channel', () => {
  it('names organisations, their anchor peers, and the orderers of old and new form, each once', () => {
    expect(readChannelConfig(configBlock())).toEqual({
      organizations: [
        { mspId: 'Org1MSP', anchorPeers: [], rootCertificatesPem: [] },
        { mspId: 'Org2MSP', anchorPeers: ['peer0.org2.example.com:7051'], rootCertificatesPem: [] },
        { mspId: 'Org3MSP', anchorPeers: [], rootCertificatesPem: [] },
        { mspId: 'Org4MSP', anchorPeers: [], rootCertificatesPem: [] },
      ],
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

describe('the definition of a contract', () => {
  it('is read beside the configuration, whose policy it refers to', async () => {
    const definition = new peer.lifecycle.QueryChaincodeDefinitionResult();
    definition.setVersion('1.1');
    definition.setSequence(2);
    const answers = [definition, blockWith(new Uint8Array()), configBlock()];
    const server = await new ScriptedGateway({
      evaluate: () => answers.shift()!.serializeBinary(),
    }).start();
    const ledger = testConnection(server.address);
    expect(await ledger.contractDefinition()).toEqual({
      version: '1.1',
      sequence: 2,
      endorsement: { toWrite: 3, toVeto: 2 },
      redefinition: { toWrite: 1, toVeto: 4 },
    });
    ledger.close();
    server.stop();
  });

  it('is nothing where there is none, and other refusals are errors', async () => {
    let says = 'chaincode response 404, namespace market is not defined';
    const server = await new ScriptedGateway({
      evaluate: () => {
        throw new Failure(status.UNKNOWN, says);
      },
    }).start();
    const ledger = testConnection(server.address);
    expect(await ledger.contractDefinition()).toBeUndefined();
    says = 'chaincode response 500, Failed to authorize invocation';
    await expect(ledger.contractDefinition()).rejects.toMatchObject({ code: 'VT8105' });
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
