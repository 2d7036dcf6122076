import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  ChaincodeMessage,
  GetStateMultiple,
  GetStateMultipleResult,
  WriteBatchState,
  WriteRecord,
} from '@hyperledger/fabric-protos/lib/peer/chaincode_shim_pb';
import { ChaincodeAdditionalParams } from '@hyperledger/fabric-protos/lib/peer/chaincode_pb';
import { Gathered, type Of } from './gathered.js';

/** What fabric-shim's own, older copy of the class has too. */
export type Message = Pick<
  ChaincodeMessage,
  'setType' | 'setPayload' | 'setTxid' | 'setChannelId' | 'getType' | 'getPayload_asU8'
>;

/** What speaks to one peer: fabric-shim's `ChaincodeMessageHandler`. */
export interface Handler {
  readonly _stream: { on(event: 'data', listener: (message: Message) => void): void };
  _askPeerAndListen(message: Message, method: string): Promise<Buffer>;
  handleGetState(collection: string, key: string, ...of: Of): Promise<Buffer>;
  handlePutState(collection: string, key: string, value: Uint8Array, ...of: Of): Promise<Buffer>;
  handleDeleteState(collection: string, key: string, ...of: Of): Promise<Buffer>;
}
interface Chatting extends Handler {
  chat(starter: unknown): void;
}

/** A key and its new value; null deletes it. */
type Write = readonly [key: string, value: Uint8Array | null];

const { READY, GET_STATE_MULTIPLE, WRITE_BATCH_STATE } = ChaincodeMessage.Type;

/**
 * Sends reads that a transaction asks for at once in one message, and writes likewise, to a peer that takes such
 * messages (Fabric from 3.1). fabric-shim 2.5 sends one for each key and waits for its answer, which is most of what a
 * short transaction costs.
 */
export function bundleRequests(): void {
  const shim = createRequire(createRequire(join(__dirname, 'bundle.js')).resolve('fabric-shim'));
  const { peer } = shim('@hyperledger/fabric-protos') as { peer: { ChaincodeMessage: new () => Message } };
  const { ChaincodeMessageHandler } = shim('./lib/handler.js') as {
    ChaincodeMessageHandler: { prototype: Partial<Chatting> };
  };
  const { chat } = ChaincodeMessageHandler.prototype;
  if (chat === undefined)
    throw new Error('this version of fabric-shim has another handler: adapt bundle.ts to it');
  ChaincodeMessageHandler.prototype.chat = function (this: Chatting, starter) {
    bundleRequestsOf(this, peer.ChaincodeMessage);
    chat.call(this, starter);
  };
}

/** @param OwnMessage the class of the messages that the handler's stream takes */
export function bundleRequestsOf(handler: Handler, OwnMessage: new () => Message): void {
  const ask = (
    type: typeof GET_STATE_MULTIPLE | typeof WRITE_BATCH_STATE,
    payload: Uint8Array,
    [channel, transaction]: Of,
  ): Promise<Buffer> => {
    const message = new OwnMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setChannelId(channel);
    message.setTxid(transaction);
    return handler._askPeerAndListen(message, 'Bundle');
  };
  // Keys in one message. A peer that offers nothing would end the stream over a message that it does not know.
  let most = { reads: 1, writes: 1 };
  handler._stream.on('data', (message) => {
    if (message.getType() === READY) most = offerOf(message.getPayload_asU8());
  });

  const get = handler.handleGetState.bind(handler);
  const reads = new Gathered<string, Buffer>(
    () => most.reads,
    async (keys, of) => {
      const [key] = keys;
      if (key !== undefined && keys.length === 1) return [await get('', key, ...of)];
      return valuesOf(await ask(GET_STATE_MULTIPLE, encodeReads(keys), of));
    },
  );
  // Private data, which has a collection, keeps its messages.
  handler.handleGetState = (collection, key, ...of) =>
    collection === '' ? reads.ask(key, of) : get(collection, key, ...of);

  const put = handler.handlePutState.bind(handler);
  const remove = handler.handleDeleteState.bind(handler);
  const writes = new Gathered<Write, Buffer>(
    () => most.writes,
    async (asked, of) => {
      const [[key, value] = ['', null]] = asked;
      if (asked.length > 1) {
        const answer = await ask(WRITE_BATCH_STATE, encodeWrites(asked), of);
        return asked.map(() => answer);
      }
      return [await (value === null ? remove('', key, ...of) : put('', key, value, ...of))];
    },
  );
  handler.handlePutState = (collection, key, value, ...of) =>
    collection === '' ? writes.ask([key, value], of) : put(collection, key, value, ...of);
  handler.handleDeleteState = (collection, key, ...of) =>
    collection === '' ? writes.ask([key, null], of) : remove(collection, key, ...of);
}

function offerOf(payload: Uint8Array): { reads: number; writes: number } {
  const offer = ChaincodeAdditionalParams.deserializeBinary(payload);
  return {
    reads: offer.getUseGetMultipleKeys() ? offer.getMaxSizeGetMultipleKeys() : 1,
    writes: offer.getUseWriteBatch() ? offer.getMaxSizeWriteBatch() : 1,
  };
}

function encodeReads(keys: readonly string[]): Uint8Array {
  const message = new GetStateMultiple();
  message.setKeysList([...keys]);
  return message.serializeBinary();
}

const valuesOf = (payload: Uint8Array): Buffer[] =>
  GetStateMultipleResult.deserializeBinary(payload)
    .getValuesList_asU8()
    .map((value) => Buffer.from(value));

function encodeWrites(writes: readonly Write[]): Uint8Array {
  const message = new WriteBatchState();
  for (const [key, value] of writes) {
    const record = new WriteRecord();
    record.setKey(key);
    record.setType(value === null ? WriteRecord.Type.DEL_STATE : WriteRecord.Type.PUT_STATE);
    if (value !== null) record.setValue(value);
    message.addRec(record);
  }
  return message.serializeBinary();
}
