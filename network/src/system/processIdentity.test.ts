import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { identify, isRunning, thisProcess } from './processIdentity.js';

/** A server with many busy threads and much memory, so it takes a while to end. */
const heavyServer = `
  const { pbkdf2 } = require('node:crypto');
  const memory = Buffer.alloc(5e8, 1);
  for (let thread = 0; thread < 32; thread += 1) pbkdf2('', '', 1e9, 64, 'sha512', () => memory);
  const server = require('node:net').createServer();
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

describe('a process', () => {
  it('is told from another of the same number', async () => {
    const self = await thisProcess();
    expect(await isRunning(JSON.stringify(self))).toBe(true);
    expect(await isRunning(JSON.stringify({ ...self, startedAt: 'another boot:1' }))).toBe(false);
    expect(await isRunning('{"processId":')).toBe(false);
  });

  it('is gone only once all its threads are, and its ports free', async () => {
    const child = spawn(process.execPath, ['--eval', heavyServer], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '32' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    while ((await identify(child.pid!)) !== undefined) await delay(1);
    const server = createServer().listen(Number(line.toString()), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});
