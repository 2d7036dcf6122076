import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkOrderers } from './checkOrderers.js';

const servers: Server[] = [];
let answering: string[];
let nobody: string;

async function listening(): Promise<string> {
  const server = createServer((socket) => socket.end());
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
}

beforeAll(async () => {
  answering = [await listening(), await listening()];
  nobody = await listening();
  const last = servers.pop()!;
  last.close();
  await once(last, 'close');
});
afterAll(() => servers.forEach((server) => server.close()));

const look = (addresses: readonly string[], consenters: number): ReturnType<typeof checkOrderers> =>
  checkOrderers({ consensus: 'etcdraft', addresses, consenters });

it('is content where every orderer answers', async () => {
  expect(await look(answering, 2)).toBe('2 answer, etcdraft');
});

it('does not miss an orderer that the channel names in advance', async () => {
  expect(await look([...answering, nobody], 2)).toBe(
    `2 answer, etcdraft; the channel also names ${nobody} (nothing listens there), and has no orderer for it`,
  );
});

it('knows no more of an ordering service than its name where that is one of every object’s', async () => {
  const found = await checkOrderers({ consensus: 'constructor', addresses: [nobody], consenters: 3 });
  expect(found).toMatchObject({ found: expect.stringContaining('no answer from 1 of 1') as string });
});

it('finds one that is away', async () => {
  expect(await look([...answering, nobody], 3)).toMatchObject({
    found: `no answer from 1 of 3: ${nobody} (nothing listens there); the others go on; 1 may be away at once`,
  });
  expect(await look([nobody], 1)).toMatchObject({
    found: expect.stringMatching(/no transaction is ordered$/) as string,
  });
});
