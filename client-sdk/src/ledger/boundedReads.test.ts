import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';

/** An EvaluateResponse with a Response whose message says that it has four gigabytes. */
const endless = Buffer.from([0x0a, 6, 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]);
const asBuffer = (bytes: Buffer): Buffer => bytes;

const server = new Server();
let address: string;

beforeAll(async () => {
  const evaluate = {
    path: '/gateway.Gateway/Evaluate',
    requestStream: false,
    responseStream: false,
    requestDeserialize: asBuffer,
    requestSerialize: asBuffer,
    responseDeserialize: asBuffer,
    responseSerialize: asBuffer,
  };
  const answer = (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void =>
    callback(null, endless);
  server.addService({ evaluate }, { evaluate: answer });
  address = await new Promise<string>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(`127.0.0.1:${port}`);
      else reject(error);
    });
  });
});
afterAll(() => server.forceShutdown());

it('attack 61: an answer whose text has no end is refused, and holds nobody', async () => {
  const ledger = testConnection(address);
  const asked = ledger.evaluate({ name: 'MarketContract:GetClock', argument: '{}' });
  await expect(asked).rejects.toMatchObject({ code: 'VT8105' });
  ledger.close();
});
