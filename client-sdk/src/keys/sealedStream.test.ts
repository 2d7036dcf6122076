import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inMemoryKeyring } from './keyring.js';
import { sealedSample } from '../testing/sealedSample.js';
import { maxSealedBytes } from './sealedStream.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
const chunk = 64 * 1024;
const sender = inMemoryKeyring('sender');
const receiver = inMemoryKeyring('receiver');
const other = inMemoryKeyring('other');

async function* cut(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length)
    yield await Promise.resolve(bytes.subarray(start, start + length));
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return Buffer.concat(list);
}

const sealed = (content: Uint8Array): Promise<Uint8Array> =>
  sender.sealObject([receiver.encryptionKey], content);

/** Lines of the header, and where the payload begins. */
function headerOf(object: Uint8Array): { lines: string[]; end: number } {
  const bytes = Buffer.from(object);
  const end = bytes.indexOf('\n', bytes.indexOf('\n--- ') + 1) + 1;
  return { lines: bytes.toString('latin1', 0, end).trimEnd().split('\n'), end };
}

/** Opens an age file as its specification says, with the ciphers of OpenSSL. */
async function openByTheBook(object: Uint8Array): Promise<Buffer> {
  const { lines, end } = headerOf(object);
  const jwe = Buffer.from(lines.slice(2, -1).join(''), 'base64').toString('latin1');
  const fileKey = await receiver.open(jwe);
  const nonce = object.subarray(end, end + 16);
  const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
  const payload = object.subarray(end + 16);
  const pieces: Buffer[] = [];
  for (let start = 0, counter = 0; start < payload.length; start += chunk + 16, counter += 1) {
    const part = payload.subarray(start, start + chunk + 16);
    const iv = Buffer.alloc(12);
    iv.writeUInt32BE(counter, 7);
    iv[11] = start + chunk + 16 >= payload.length ? 1 : 0;
    const decipher = createDecipheriv('chacha20-poly1305', key, iv, { authTagLength: 16 });
    decipher.setAuthTag(part.subarray(-16));
    pieces.push(decipher.update(part.subarray(0, -16)), decipher.final());
  }
  return Buffer.concat(pieces);
}

describe('sealed streams', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 1024 * 1024 + 1])(
    'carry %i bytes, however they are cut',
    async (size) => {
      const content = randomBytes(size);
      for (const length of [100_000, chunk, 1000]) {
        const object = await whole(sender.sealStream([receiver.encryptionKey], cut(content, length)));
        expect(object.length).toBeLessThanOrEqual(maxSealedBytes(size));
        expect((await whole(receiver.openStream(cut(object, length)))).equals(content)).toBe(true);
      }
    },
  );

  it('are age files whose key is a compact JWE', async () => {
    const content = randomBytes(2 * chunk + 5);
    const object = await sealed(content);
    const { lines } = headerOf(object);
    expect(lines[0]).toBe('age-encryption.org/v1');
    expect(lines[1]).toBe('-> veritrain/p256-jwe');
    expect(lines.at(-1)).toMatch(/^--- [A-Za-z0-9+/]{43}$/);
    expect((await openByTheBook(object)).equals(content)).toBe(true);
  });

  it('open as long as the format lasts', async () => {
    expect((await whole(receiver.openStream(sealedSample))).toString()).toBe('sealed long ago');
  });

  it('open for each of several recipients, and nobody else', async () => {
    const key = randomBytes(32);
    const content = randomBytes(1000);
    const recipients = [receiver.encryptionKey, { key }, other.encryptionKey];
    const object = await sender.sealObject(recipients, content);
    for (const opened of [
      receiver.openObject(object),
      other.openObject(object),
      sender.openObject(object, key),
    ])
      expect(Buffer.from(await opened).equals(content)).toBe(true);
    await expect(sender.openObject(object)).rejects.toThrow(coded('VT8401'));
    await expect(receiver.openObject(object, randomBytes(32))).rejects.toThrow(coded('VT8401'));
  });

  it('have other bytes each time', async () => {
    const content = Buffer.from('the same');
    expect(Buffer.from(await sealed(content)).equals(await sealed(content))).toBe(false);
  });

  it('are refused after any change', async () => {
    const object = await sealed(randomBytes(chunk + 40));
    const { end } = headerOf(object);
    const places = Array.from({ length: end + 16 }, (_, at) => at).filter((at) => at % 7 === 0);
    for (const at of [...places, end + 20, end + 16 + chunk, object.length - 1]) {
      const changed = Uint8Array.from(object);
      changed[at]! ^= 1;
      await expect(receiver.openObject(changed), `byte ${at}`).rejects.toThrow(coded('VT8401'));
    }
  });

  it('are refused where they are cut short or go on, also between two chunks', async () => {
    const object = await sealed(randomBytes(2 * chunk));
    const { end } = headerOf(object);
    const border = end + 16 + chunk + 16;
    for (const length of [
      0,
      10,
      end - 1,
      end,
      end + 10,
      end + 16,
      border - 1,
      border,
      border + 1,
      object.length - 1,
    ])
      await expect(receiver.openObject(object.subarray(0, length)), `${length} bytes`).rejects.toThrow(
        coded('VT8401'),
      );
    await expect(receiver.openObject(Buffer.concat([object, Buffer.alloc(1)]))).rejects.toThrow(
      coded('VT8401'),
    );
    const swapped = Buffer.concat([
      object.subarray(0, end + 16),
      object.subarray(border),
      object.subarray(end + 16, border),
    ]);
    await expect(receiver.openObject(swapped)).rejects.toThrow(coded('VT8401'));
  });

  it('are refused at the header where that does not end, and where there is none', async () => {
    let read = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (; ; read += 1) yield await Promise.resolve(Buffer.from('age-encryption.org/v1\n-> x y\n'));
    };
    await expect(whole(receiver.openStream(endless()))).rejects.toThrow(coded('VT8401'));
    expect(read).toBeLessThan(40_000);
    await expect(receiver.openObject(randomBytes(2_000_000))).rejects.toThrow(coded('VT8401'));
  });

  it('pass on what the content throws, and let go of it when nobody reads on', async () => {
    let open = 0;
    const content = async function* (fail: boolean): AsyncGenerator<Uint8Array> {
      open += 1;
      try {
        for (let piece = 0; piece < 50; piece += 1) yield await Promise.resolve(randomBytes(chunk));
        if (fail) throw new Error('the disk is gone');
      } finally {
        open -= 1;
      }
    };
    const seal = (fail: boolean) => sender.sealStream([receiver.encryptionKey], content(fail));
    await expect(whole(seal(true))).rejects.toThrow('the disk is gone');
    await expect(whole(receiver.openStream(seal(true)))).rejects.toThrow('the disk is gone');
    for await (const piece of receiver.openStream(seal(false))) if (piece.length > 0) break;
    expect(open).toBe(0);
  });

  it('are not made for nobody, nor for a key that is none', async () => {
    const content = Buffer.from('x');
    await expect(sender.sealObject([], content)).rejects.toThrow(coded('VT8305'));
    await expect(sender.sealObject([{ key: randomBytes(31) }], content)).rejects.toThrow(coded('VT8305'));
    const point = { ...receiver.encryptionKey, y: Buffer.alloc(32, 7).toString('base64url') };
    await expect(sender.sealObject([point], content)).rejects.toThrow(coded('VT8305'));
    const object = await sealed(content);
    await expect(receiver.openObject(object, randomBytes(31))).rejects.toThrow(coded('VT8401'));
  });
});
