import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, newHandle, type Vault } from '@veritrain/client-sdk/vault';

/** A vault under test, and what only its kind knows how to do. */
export interface OpenedVault {
  readonly vault: Vault;
  /** Changes one bit of a stored object behind the vault's back. */
  flipByte(handle: string, at: number): Promise<void>;
  close(): Promise<void>;
}

/** Larger than what any vault moves in one piece. */
const largeBytes = 20 * 1024 * 1024 + 7;

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

/** What every vault does, whatever lies behind it. */
export function vaultConformance(name: string, open: () => Promise<OpenedVault>): void {
  describe(`${name} is a vault`, () => {
    let opened: OpenedVault;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened?.close());

    async function* inPieces(bytes: Uint8Array, pieceBytes = 1000): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < bytes.length; start += pieceBytes) {
        await Promise.resolve();
        yield bytes.subarray(start, start + pieceBytes);
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

    it('takes and gives large objects, and says how far it is', async () => {
      const bytes = randomBytes(largeBytes);
      for (const content of [bytes, inPieces(bytes, 300_000)]) {
        const seen: number[] = [];
        const onProgress = ({ sentBytes }: { sentBytes: number }): unknown => seen.push(sentBytes);
        const { handle, digest } = await opened.vault.put(content, { onProgress });
        expect(digest).toBe(digestOf(bytes));
        expect(seen.length).toBeGreaterThan(2);
        expect(seen).toEqual(seen.toSorted((one, other) => one - other));
        expect(seen.at(-1)).toBe(largeBytes);
        expect(Buffer.from(await opened.vault.get(handle, { digest })).equals(bytes)).toBe(true);
      }
    });

    it('mixes no two large objects that are stored under one handle at the same time', async () => {
      const handle = newHandle();
      const objects = [randomBytes(largeBytes), randomBytes(largeBytes)];
      const both = await Promise.allSettled(objects.map((bytes) => opened.vault.put(bytes, { handle })));
      const failures = both.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
      // Two writers may also be in each other's way so much that neither of them succeeds.
      for (const failure of failures) expect((failure as { code?: string }).code).toMatch(/^VT82(04|14)$/);
      const stored = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value.digest] : []));
      expect(stored.length).toBeLessThan(2);
      const found = (await opened.vault.has(handle)) ? [digestOf(await opened.vault.get(handle))] : [];
      expect(found).toEqual(stored);
    });

    it('takes the same large object twice at the same time', async () => {
      const handle = newHandle();
      const bytes = randomBytes(largeBytes);
      const [one, other] = await Promise.all([
        opened.vault.put(bytes, { handle }),
        opened.vault.put(inPieces(bytes, 1_000_000), { handle }),
      ]);
      expect(one).toEqual(other);
      expect(digestOf(await opened.vault.get(handle))).toBe(one.digest);
    });

    it('stops a large object at once, and takes it when it comes again', async () => {
      const handle = newHandle();
      const bytes = randomBytes(largeBytes);
      const stop = new AbortController();
      async function* stopping(): AsyncGenerator<Uint8Array> {
        for await (const piece of inPieces(bytes.subarray(0, largeBytes - 1), 4_000_000)) yield piece;
        stop.abort();
        yield bytes.subarray(largeBytes - 1);
      }
      await expect(opened.vault.put(stopping(), { handle, signal: stop.signal })).rejects.toThrow(
        coded('VT8005'),
      );
      expect(await opened.vault.has(handle)).toBe(false);
      const { digest } = await opened.vault.put(inPieces(bytes, 300_000), { handle });
      expect(digest).toBe(digestOf(bytes));
      expect(digestOf(await opened.vault.get(handle))).toBe(digest);
    });

    it('stops giving when the caller aborts or looks away', async () => {
      const { handle } = await opened.vault.put(randomBytes(largeBytes));
      const stop = new AbortController();
      const read = async (): Promise<void> => {
        for await (const _piece of opened.vault.stream(handle, { signal: stop.signal })) stop.abort();
      };
      await expect(read()).rejects.toThrow(coded('VT8005'));
      for await (const piece of opened.vault.stream(handle)) {
        expect(piece.length).toBeLessThan(largeBytes);
        break;
      }
    });
  });
}
