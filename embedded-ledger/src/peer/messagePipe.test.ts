import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MessagePipe } from './messagePipe.js';

const MAX_BYTES = 5_000_000;

let server: Server;
let near: Socket;
let far: Socket;
let pipe: MessagePipe<peer.ChaincodeMessage>;
let received: peer.ChaincodeMessage[];
let ends: number;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  near = connect(port, '127.0.0.1');
  [far] = (await once(server, 'connection')) as [Socket];
  pipe = open(near);
  received = [];
  ends = 0;
  pipe.on('data', (message) => received.push(message));
  pipe.on('end', () => ends++);
});
afterEach(() => {
  near?.destroy();
  far?.destroy();
  server?.close();
});

function open(socket: Socket): MessagePipe<peer.ChaincodeMessage> {
  const parse = (bytes: Uint8Array): peer.ChaincodeMessage => peer.ChaincodeMessage.deserializeBinary(bytes);
  return new MessagePipe(socket, { parse, maxBytes: MAX_BYTES });
}

function message(bytes: number): peer.ChaincodeMessage {
  const made = new peer.ChaincodeMessage();
  made.setTxid(String(bytes));
  made.setPayload(new Uint8Array(bytes).fill(bytes % 251));
  return made;
}

function frame(bytes: number): Buffer {
  const body = message(bytes).serializeBinary();
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

const ids = (): string[] => received.map((it) => it.getTxid());

it('carries messages of any size, in order, in both directions', async () => {
  const sizes = [0, 1, 65_536, 3_000_000, 2, 0];
  const other = open(far);
  const back: string[] = [];
  other.on('data', (it) => back.push(it.getTxid()));
  for (const size of sizes) {
    other.write(message(size));
    pipe.write(message(size));
  }
  await expect.poll(ids).toEqual(sizes.map(String));
  await expect.poll(() => back).toEqual(sizes.map(String));
  expect(received.map((it) => it.getPayload_asU8().length)).toEqual(sizes);
  expect(received[3]!.getPayload_asU8().every((byte) => byte === 3_000_000 % 251)).toBe(true);
});

it('puts messages together from whatever pieces arrive', async () => {
  const bytes = Buffer.concat([frame(10), frame(0), frame(300)]);
  for (const byte of bytes) near.emit('data', Buffer.from([byte]));
  near.emit('data', Buffer.concat([frame(7), frame(8).subarray(0, 6)]));
  near.emit('data', frame(8).subarray(6));
  await expect.poll(ids).toEqual(['10', '0', '300', '7', '8']);
});

it.each([
  ['a message that is too large', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['bytes that are no message', Buffer.from([0, 0, 0, 3, 0xff, 0xff, 0xff])],
])('%s ends it, once, and nothing after that is sent', async (_, bytes) => {
  far.write(bytes);
  await expect.poll(() => ends).toBe(1);
  expect(received).toEqual([]);
  pipe.write(message(1));
});

it('ends when the other end is gone, while it writes too', async () => {
  far.resetAndDestroy();
  for (let i = 0; i < 10; i++) pipe.write(message(100_000));
  await expect.poll(() => ends).toBe(1);
});
