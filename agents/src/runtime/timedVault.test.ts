import { Readable } from 'node:stream';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { filesystemVault, newHandle, type Vault } from '@veritrain/client-sdk/vault';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { timedList, timedVault } from './timedVault.js';

const folder = testFolder('timed');
const content = Buffer.alloc(50_000, 3);
const patient = { answerMs: 60_000, minBytesPerSecond: 1 };
const hurried = { answerMs: 30, minBytesPerSecond: 1_000_000 };

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
/** Answers nothing and heeds no signal, as a call that hangs in the system. */
const silent: Vault = {
  put: never,
  get: never,
  has: never,
  delete: never,
  async *stream() {
    yield await never<Uint8Array>();
  },
};
/** One byte at a time, for ever. */
const dripping: Vault = {
  ...silent,
  async *stream() {
    for (;;) {
      await delay(5);
      yield new Uint8Array(1);
    }
  },
};

/** Content that comes a piece at a time. */
const streamed = (): AsyncIterable<Uint8Array> => Readable.from([content]);

async function readAll(vault: Vault): Promise<void> {
  for await (const _ of vault.stream('a'.repeat(32)));
}

describe('a timed vault', () => {
  it('does what the vault does', async () => {
    const vault = timedVault(filesystemVault(folder()), patient);
    const { handle, digest } = await vault.put(content);
    await vault.put(streamed(), { handle });
    expect(Buffer.from(await vault.get(handle, { digest })).equals(content)).toBe(true);
    await expect(vault.get(handle, { maxBytes: 10 })).rejects.toThrow('VT8205');
    expect(await vault.has(handle)).toBe(true);
    await vault.delete(handle);
    await expect(vault.get(handle)).rejects.toThrow('VT8201');
  });

  it('attack 60: ends every call to a vault that never answers', async () => {
    const vault = timedVault(silent, hurried);
    const handle = newHandle();
    const calls = [
      vault.has(handle),
      vault.get(handle),
      vault.put(content, { handle }),
      vault.put(streamed(), { handle }),
      vault.delete(handle),
      readAll(vault),
    ];
    const late = { status: 'rejected', reason: { code: 'VT9241' } };
    expect(await Promise.allSettled(calls)).toMatchObject(calls.map(() => late));
  });

  it('attack 60: ends a read from a vault that drips', async () => {
    const vault = timedVault(dripping, hurried);
    await expect(vault.get(newHandle())).rejects.toMatchObject({ code: 'VT9241' });
  });

  it('gives a reader the time that it takes itself', async () => {
    const pieces: Vault = {
      ...silent,
      async *stream() {
        for (let piece = 0; piece < 3; piece += 1) yield await Promise.resolve(content);
      },
    };
    let read = 0;
    for await (const piece of timedVault(pieces, { answerMs: 200, minBytesPerSecond: 1e9 }).stream('a')) {
      read += piece.length;
      await delay(250);
    }
    expect(read).toBe(3 * content.length);
  });

  it('breaks off at once when its caller does', async () => {
    const stop = new AbortController();
    const vault = timedVault(silent, patient);
    const calls = [vault.get(newHandle(), stop), vault.has(newHandle(), stop)];
    stop.abort(new Error('enough'));
    const ended = { status: 'rejected', reason: { message: 'enough' } };
    expect(await Promise.allSettled(calls)).toMatchObject(calls.map(() => ended));
  });

  it('attack 39: ends a read of a pipe in the folder', async () => {
    const handle = newHandle();
    const path = join(folder(), 'objects', handle.slice(0, 2), handle);
    mkdirSync(dirname(path), { recursive: true });
    execFileSync('mkfifo', [path]);
    const reading = timedVault(filesystemVault(folder()), hurried).get(handle);
    await expect(reading).rejects.toThrow(/VT9241|VT8/);
    // Lets go of the thread that may be waiting for somebody to write.
    execFileSync('sh', ['-c', 'timeout 1 sh -c \': > "$0"\' "$0" || true', path]);
  });

  it('attack 61: ends a list that never goes on', async () => {
    const list = timedList(async function* () {
      yield await never<never>();
    }, hurried);
    const first = list()[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: 'VT9241' });
  });
});
