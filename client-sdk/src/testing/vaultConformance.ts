import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newHandle } from '../vault/handle.js';
import type { Vault } from '../vault/vault.js';

/** A vault under test, and what only its kind knows how to do. */
export interface OpenedVault {
  readonly vault: Vault;
  /** Changes one bit of a stored object behind the vault's back. */
  flipByte(handle: string, at: number): Promise<void>;
  close(): Promise<void>;
}

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

/** What every vault does, whatever lies behind it. */
export function vaultConformance(name: string, open: () => Promise<OpenedVault>): void {
  describe(`${name} is a vault`, () => {
    let opened: OpenedVault;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < bytes.length; start += 1000) {
        await Promise.resolve();
        yield bytes.subarray(start, start + 1000);
      }
    }

    it.each([0, 1, 1024 * 1024, 3 * 1024 * 1024 + 7])('gives back the %i bytes it took', async (size) => {
      const bytes = randomBytes(size);
      const stored = await opened.vault.put(bytes);
      expect(stored).toMatchObject({ digest: digestOf(bytes), sizeBytes: size });
      expect(
        Buffer.from(await opened.vault.get(stored.handle, { digest: stored.digest })).equals(bytes),
      ).toBe(true);
    });

    it('takes and gives streams', async () => {
      const bytes = randomBytes(2_500_000);
      const stored = await opened.vault.put(inPieces(bytes));
      expect(stored.digest).toBe(digestOf(bytes));
      const pieces: Uint8Array[] = [];
      for await (const piece of opened.vault.stream(stored.handle, { digest: stored.digest }))
        pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(1);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    });

    it('chooses handles that say nothing of the content', async () => {
      const bytes = randomBytes(10);
      const [first, second] = [await opened.vault.put(bytes), await opened.vault.put(bytes)];
      expect(first.handle).not.toBe(second.handle);
      expect(first.digest).not.toContain(first.handle);
    });

    it('finds a single changed byte', async () => {
      const bytes = randomBytes(100_000);
      const { handle, digest } = await opened.vault.put(bytes);
      await opened.flipByte(handle, 50_000);
      await expect(opened.vault.get(handle, { digest })).rejects.toThrow(coded('VT8202'));
    });

    it('takes the same bytes under the same handle again, and refuses others', async () => {
      const handle = newHandle();
      const bytes = randomBytes(5000);
      const [first, second] = await Promise.all([
        opened.vault.put(bytes, { handle }),
        opened.vault.put(bytes, { handle }),
      ]);
      expect(first).toEqual(second);
      await expect(opened.vault.put(randomBytes(5000), { handle })).rejects.toThrow(coded('VT8204'));
      expect(Buffer.from(await opened.vault.get(handle)).equals(bytes)).toBe(true);
    });

    it('knows what it has, and deletes', async () => {
      const { handle } = await opened.vault.put(randomBytes(10));
      expect(await opened.vault.has(handle)).toBe(true);
      await opened.vault.delete(handle);
      await opened.vault.delete(handle);
      expect(await opened.vault.has(handle)).toBe(false);
      await expect(opened.vault.get(handle)).rejects.toThrow(coded('VT8201'));
    });

    it.each(['../../../etc/passwd', 'a/b/c/d/e/f/g/h/i', 'short', '', 'x'.repeat(129)])(
      'refuses the handle "%s"',
      async (handle) => {
        await expect(opened.vault.get(handle)).rejects.toThrow(coded('VT8203'));
        await expect(opened.vault.put(randomBytes(1), { handle })).rejects.toThrow(coded('VT8203'));
      },
    );

    it('refuses objects over the limit before it reads them', async () => {
      const { handle } = await opened.vault.put(randomBytes(1001));
      await expect(opened.vault.get(handle, { maxBytes: 1000 })).rejects.toThrow(coded('VT8205'));
    });

    it('keeps nothing when a source fails or the caller aborts', async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(randomBytes(10));
        throw new Error('the source broke');
      }
      const handle = newHandle();
      await expect(opened.vault.put(failing(), { handle })).rejects.toThrow('the source broke');
      const signal = AbortSignal.abort();
      await expect(opened.vault.put(randomBytes(10), { handle, signal })).rejects.toThrow(coded('VT8005'));
      expect(await opened.vault.has(handle)).toBe(false);
      const { handle: stored } = await opened.vault.put(randomBytes(10));
      await expect(opened.vault.get(stored, { signal })).rejects.toThrow(coded('VT8005'));
    });
  });
}
