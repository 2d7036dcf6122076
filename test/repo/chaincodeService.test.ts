import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLedger } from '@veritrain/embedded-ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './support/freePort.js';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(join(tmpdir(), 'veritrain-service-'));
const started: ChildProcess[] = [];

/** The folder of the container: what is built, what is installed, the entry point. */
beforeAll(() => {
  for (const name of ['package.json', 'dist', 'docker-entrypoint.sh']) {
    symlinkSync(join(repository, 'chaincode', name), join(folder, name));
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function enter(env: Record<string, string>): ChildProcess {
  const child = spawn(join(folder, 'docker-entrypoint.sh'), {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  return child;
}

describe('the entry point of the container', () => {
  it('serves the chaincode with the variables that Fabric’s samples set', async () => {
    const address = `127.0.0.1:${(await freePort()).toString()}`;
    const service = enter({ CHAINCODE_SERVER_ADDRESS: address, CORE_CHAINCODE_ID_NAME: 'veritrain:1' });
    const ledger = await startLedger({
      chaincode: address,
      name: 'veritrain',
      data: join(folder, 'ledger'),
      port: 0,
      caPort: 0,
      log: () => undefined,
    });
    expect(ledger.chaincode).toBe('veritrain');
    expect(service.exitCode).toBeNull();
    await ledger.close();
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it.each([
    [{}, 'CHAINCODE_SERVER_ADDRESS: must be the address'],
    [{ CHAINCODE_SERVER_ADDRESS: '127.0.0.1:0' }, 'CORE_CHAINCODE_ID_NAME: must be the package id'],
  ])('says what is missing of %j', async (env, said) => {
    const service = enter(env);
    let stderr = '';
    service.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [status] = (await once(service, 'close')) as [number | null];
    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain(said);
  });
});
