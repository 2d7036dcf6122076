import { EventEmitter } from 'node:events';
import { ChaincodeAdditionalParams } from '@hyperledger/fabric-protos/lib/peer/chaincode_pb';
import {
  ChaincodeMessage,
  GetStateMultiple,
  GetStateMultipleResult,
  WriteBatchState,
  WriteRecord,
} from '@hyperledger/fabric-protos/lib/peer/chaincode_shim_pb';
import { expect, it } from 'vitest';
import { bundleRequestsOf, type Handler, type Message } from './bundle.js';
import type { Of } from './gathered.js';

const { GET_STATE_MULTIPLE, READY, RESPONSE, WRITE_BATCH_STATE } = ChaincodeMessage.Type;

/** A handler as fabric-shim's, and a peer whose state says `value of KEY` for every key. It keeps what it was asked. */
class Peer implements Handler {
  readonly _stream = new EventEmitter();
  readonly messages: string[] = [];

  constructor(offer?: { reads: number; writes: number }) {
    bundleRequestsOf(this, ChaincodeMessage);
    const params = new ChaincodeAdditionalParams();
    if (offer !== undefined) {
      params.setUseGetMultipleKeys(offer.reads > 0);
      params.setMaxSizeGetMultipleKeys(offer.reads);
      params.setUseWriteBatch(offer.writes > 0);
      params.setMaxSizeWriteBatch(offer.writes);
    }
    this.#say(READY, params.serializeBinary());
    // Other messages have payloads of their own, which say nothing of what the peer offers.
    this.#say(RESPONSE, Buffer.from('of a key'));
  }

  #say(type: typeof READY | typeof RESPONSE, payload: Uint8Array): void {
    const message = new ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    this._stream.emit('data', message);
  }

  handleGetState(collection: string, key: string, channel: string, transaction: string): Promise<Buffer> {
    this.messages.push(`${channel}/${transaction} get ${collection}${key}`);
    return Promise.resolve(Buffer.from(`value of ${key}`));
  }
  handlePutState(collection: string, key: string, value: Uint8Array, ..._of: Of): Promise<Buffer> {
    this.messages.push(`put ${collection}${key}=${Buffer.from(value).toString()}`);
    return Promise.resolve(Buffer.alloc(0));
  }
  handleDeleteState(collection: string, key: string, ..._of: Of): Promise<Buffer> {
    this.messages.push(`delete ${collection}${key}`);
    return Promise.resolve(Buffer.alloc(0));
  }

  _askPeerAndListen(asked: Message): Promise<Buffer> {
    const message = asked as ChaincodeMessage;
    const of = `${message.getChannelId()}/${message.getTxid()}`;
    const payload = message.getPayload_asU8();
    if (message.getType() === GET_STATE_MULTIPLE) {
      const keys = GetStateMultiple.deserializeBinary(payload).getKeysList();
      this.messages.push(`${of} get ${keys.join(' ')}`);
      if (keys.includes('broken')) return Promise.reject(new Error('GET_STATE_MULTIPLE failed'));
      const result = new GetStateMultipleResult();
      result.setValuesList(keys.map((key) => Buffer.from(`value of ${key}`)));
      return Promise.resolve(Buffer.from(result.serializeBinary()));
    }
    expect(message.getType()).toBe(WRITE_BATCH_STATE);
    const records = WriteBatchState.deserializeBinary(payload).toObject().recList;
    const said = records.map(({ key, value, type }) =>
      type === WriteRecord.Type.DEL_STATE
        ? `delete ${key}`
        : `put ${key}=${Buffer.from(value as string, 'base64').toString()}`,
    );
    this.messages.push(`${of} ${said.join(', ')}`);
    return Promise.resolve(Buffer.alloc(0));
  }

  async get(keys: readonly string[], transaction = 'tx'): Promise<string[]> {
    const asked = keys.map((key) => this.handleGetState('', key, 'ch', transaction));
    return (await Promise.all(asked)).map(String);
  }
}

it('reads what is asked for at once in one message, each key with its own value', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  expect(await peer.get(['a', 'b', 'c'])).toEqual(['value of a', 'value of b', 'value of c']);
  expect(peer.messages).toEqual(['ch/tx get a b c']);
});

it('adds what other code of the transaction asks for before all of it waits', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  const later = async (): Promise<Buffer> => {
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    return peer.handleGetState('', 'b', 'ch', 'tx');
  };
  await Promise.all([peer.get(['a']), later()]);
  expect(peer.messages).toEqual(['ch/tx get a b']);
});

it('mixes no two transactions, and sends what is asked for later in a message of its own', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  await Promise.all([peer.get(['a', 'b'], 'one'), peer.get(['c', 'd'], 'two')]);
  await peer.get(['e'], 'one');
  expect(peer.messages).toEqual(['ch/one get a b', 'ch/two get c d', 'ch/one get e']);
});

it('puts as many keys into a message as the peer takes', async () => {
  const peer = new Peer({ reads: 2, writes: 1000 });
  expect(await peer.get(['a', 'b', 'c'])).toEqual(['value of a', 'value of b', 'value of c']);
  expect(peer.messages).toEqual(['ch/tx get a b', 'ch/tx get c']);
});

it('writes and deletes in one message', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  await Promise.all([
    peer.handlePutState('', 'a', Buffer.from('1'), 'ch', 'tx'),
    peer.handleDeleteState('', 'b', 'ch', 'tx'),
  ]);
  await peer.handleDeleteState('', 'c', 'ch', 'tx');
  expect(peer.messages).toEqual(['ch/tx put a=1, delete b', 'delete c']);
});

it.each([
  ['says nothing, as before Fabric 3.1', undefined],
  ['offers neither', { reads: 0, writes: 0 }],
])('sends a peer that %s one message for each key', async (_, offer) => {
  const peer = new Peer(offer);
  expect(await peer.get(['a', 'b'])).toEqual(['value of a', 'value of b']);
  await Promise.all([
    peer.handlePutState('', 'a', Buffer.from('1'), 'ch', 'tx'),
    peer.handleDeleteState('', 'b', 'ch', 'tx'),
  ]);
  expect(peer.messages).toEqual(['ch/tx get a', 'ch/tx get b', 'put a=1', 'delete b']);
});

it('leaves private data alone', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  await Promise.all([peer.handleGetState('p:', 'a', 'ch', 'tx'), peer.handleGetState('p:', 'b', 'ch', 'tx')]);
  expect(peer.messages).toEqual(['ch/tx get p:a', 'ch/tx get p:b']);
});

it('refuses every read of a message that fails', async () => {
  const peer = new Peer({ reads: 1000, writes: 1000 });
  const asked = ['a', 'broken'].map((key) => peer.handleGetState('', key, 'ch', 'tx'));
  const states = (await Promise.allSettled(asked)).map(({ status }) => status);
  expect(states).toEqual(['rejected', 'rejected']);
});
