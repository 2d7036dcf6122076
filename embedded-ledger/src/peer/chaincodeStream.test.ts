import * as grpc from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialChaincode } from './chaincodeDial.js';
import type { ChaincodeStream, Execution } from './chaincodeStream.js';

const { Type } = peer.ChaincodeMessage;
type Stream = grpc.ServerDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>;

let server: grpc.Server;
let stream: ChaincodeStream;
let address: string;
let ended = false;
/** How the server treats who connects. */
let serve: (call: Stream) => void;

/** A contract that reads one key and answers with its size, or with the error of the read. */
function contract(call: Stream): void {
  const send = (
    type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap],
    to: peer.ChaincodeMessage,
    payload: Uint8Array,
  ): void => {
    const message = new peer.ChaincodeMessage();
    message.setType(type);
    message.setTxid(to.getTxid());
    message.setChannelId(to.getChannelId());
    message.setPayload(payload);
    call.write(message);
  };
  const none = new Uint8Array();
  send(Type.REGISTER, new peer.ChaincodeMessage(), none);
  call.on('data', (message: peer.ChaincodeMessage) => {
    const payload = message.getPayload_asU8();
    if (message.getType() === Type.TRANSACTION) send(Type.GET_STATE, message, none);
    const answer = new peer.Response();
    answer.setStatus(200);
    if (message.getType() === Type.RESPONSE) answer.setMessage(String(payload.length));
    else if (message.getType() === Type.ERROR) answer.setMessage(Buffer.from(payload).toString());
    else return;
    send(Type.COMPLETED, message, answer.serializeBinary());
  });
}

beforeEach(async () => {
  ended = false;
  serve = contract;
  // Nobody listens there, so a stream that used the proxy would fail.
  vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
  server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(peer.ChaincodeService, {
    connect: (call: Stream) => {
      serve(call);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  address = `127.0.0.1:${String(port)}`;
  stream = await dialChaincode({ address, tls: undefined }, 5000, () => {
    ended = true;
  });
});
afterEach(() => {
  stream?.close();
  server?.forceShutdown();
  vi.unstubAllEnvs();
});

function execute(transactionId: string, argumentBytes: number, stateBytes: number): Promise<string> {
  const input = new peer.ChaincodeInput();
  input.setArgsList([new Uint8Array(argumentBytes)]);
  const proposal = new peer.SignedProposal();
  proposal.setProposalBytes(new Uint8Array(argumentBytes));
  const context = {
    answer: () => Promise.resolve(new Uint8Array(stateBytes)),
    close: () => Promise.resolve(),
  } as unknown as Execution['context'];
  const execution = { channel: 'market', transactionId, input, proposal, context, timeoutMs: 20_000 };
  return stream.execute(execution).then(({ response }) => response.getMessage());
}

it('knows no proxy: a contract is part of its peer', async () => {
  expect(await execute('first', 10, 7)).toBe('7');
});

it.each([
  ['says nothing', 300, () => undefined, /did not register in time/],
  [
    'begins with something else',
    20_000,
    (call: Stream) => call.write(new peer.ChaincodeMessage()),
    /began with UNDEFINED/,
  ],
] as const)('a server that %s is left no stream', async (_, timeoutMs, say, reason) => {
  let cancelled = false;
  serve = (call) => {
    call.on('cancelled', () => (cancelled = true));
    say(call);
  };
  await expect(dialChaincode({ address, tls: undefined }, timeoutMs, () => undefined)).rejects.toThrow(
    reason,
  );
  await expect.poll(() => cancelled, { timeout: 20_000 }).toBe(true);
});

describe('a message to the contract that is larger than a stream carries', () => {
  const tooLarge =
    /code = ResourceExhausted desc = trying to send message larger than max \(\d+ vs\. 104857600\)/;

  it('is refused before it is written where it is the call: input and proposal together', async () => {
    await expect(execute('first', 60_000_000, 1)).rejects.toThrow(tooLarge);
    expect(await execute('second', 10, 7)).toBe('7');
    expect(ended).toBe(false);
  });

  it('is an error to the contract where it is an answer', async () => {
    expect(await execute('first', 10, 110_000_000)).toMatch(tooLarge);
    expect(await execute('second', 10, 7)).toBe('7');
    expect(ended).toBe(false);
  });
});
