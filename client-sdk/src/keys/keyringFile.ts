import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { type VeritrainError, sdkError } from '../errors/veritrainError.js';
import { createFileAtomic, readText, readTextIfAny, requirePrivate } from '../storage/files.js';
import { type Keyring, keyringOf, newRoot, rootBytes } from './keyring.js';

const scryptAsync = promisify<
  string,
  Buffer,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt);
const keyBytes = 32;

/** What opens a keyring file: a passphrase, or a file of this user's alone (mode 0600) that holds a random key. */
export type KeyringLock =
  | {
      /** From which the key is derived, by scrypt. */
      readonly passphrase: string;
    }
  | {
      /** The path of the key's file. */
      readonly keyFile: string;
    };

/** Where a keyring is, and what opens it. */
export type KeyringLocation = KeyringLock & {
  /** The path of the keyring's file. */
  readonly path: string;
};

const scryptSchema = z.strictObject({
  name: z.literal('scrypt'),
  salt: z.string().min(22).max(86),
  cost: z.int().min(16384).max(1048576),
  blockSize: z.literal(8),
  parallelization: z.literal(1),
});
const derivationSchema = z.discriminatedUnion('name', [
  scryptSchema,
  z.strictObject({ name: z.literal('keyFile') }),
]);
type Derivation = z.infer<typeof derivationSchema>;

const fileSchema = z.strictObject({ schemaVersion: z.literal(1), keyring: z.string().min(1) });
const contentSchema = z.strictObject({ schemaVersion: z.literal(1), root: z.string() });

/**
 * Makes a keyring with a random root and writes it encrypted (JWE, A256GCM) under a key from the passphrase (scrypt,
 * N = 2^17, r = 8, p = 1) or from the key file, which is made with mode 0600 if it does not exist.
 *
 * @param seed Development only: derives the root, so whoever knows the seed knows every secret.
 * @throws KEYRING_EXISTS, KEY_FILE_EXPOSED
 */
export async function createKeyring(location: KeyringLocation, seed?: string): Promise<Keyring> {
  const { path } = location;
  // Looked for first, so that no key file is made for nothing; whoever comes at the same moment is told at the end.
  if (readTextIfAny(path) !== undefined) throw exists(path);
  if ('keyFile' in location) await ensureKeyFile(location.keyFile);
  const root = newRoot(seed);
  const kdf = newDerivation(location);
  const content = JSON.stringify({ schemaVersion: 1, root: root.toString('base64url') });
  const keyring = await new CompactEncrypt(Buffer.from(content))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'veritrain-keyring', kdf })
    .encrypt(await lockKey(location, kdf, path));
  const file = Buffer.from(`${JSON.stringify({ schemaVersion: 1, keyring })}\n`);
  if (!(await createFileAtomic(path, file))) throw exists(path);
  return keyringOf(root);
}

const exists = (path: string): VeritrainError =>
  sdkError('VT8303', `There is a keyring at ${path} already.`, { facts: { path } });

/**
 * Opens a keyring's file.
 *
 * @throws KEYRING_MISSING; KEYRING_LOCKED for a wrong passphrase or key; KEY_FILE_EXPOSED if others may read the key's file
 */
export async function openKeyring(location: KeyringLocation): Promise<Keyring> {
  const { path } = location;
  const text = readTextIfAny(path);
  if (text === undefined) throw sdkError('VT8301', `There is no keyring at ${path}.`, { facts: { path } });
  const { keyring, kdf } = parseFile(text, path);
  const key = await lockKey(location, kdf, path);
  try {
    const { plaintext } = await compactDecrypt(keyring, key, { keyManagementAlgorithms: ['dir'] });
    const { root } = contentSchema.parse(JSON.parse(Buffer.from(plaintext).toString()));
    return keyringOf(Buffer.from(root, 'base64url').subarray(0, rootBytes));
  } catch {
    // Without a cause: nothing about the content of a keyring may reach a log.
    throw locked(path);
  }
}

function parseFile(text: string, path: string): { keyring: string; kdf: Derivation } {
  try {
    const { keyring } = fileSchema.parse(JSON.parse(text));
    return { keyring, kdf: derivationSchema.parse(decodeProtectedHeader(keyring).kdf) };
  } catch {
    throw locked(path);
  }
}

function locked(path: string): VeritrainError {
  return sdkError('VT8302', `The keyring at ${path} cannot be opened.`, { facts: { path } });
}

function newDerivation(lock: KeyringLock): Derivation {
  if ('keyFile' in lock) return { name: 'keyFile' };
  const salt = randomBytes(16).toString('base64url');
  return { name: 'scrypt', salt, cost: 131072, blockSize: 8, parallelization: 1 };
}

async function lockKey(lock: KeyringLock, kdf: Derivation, path: string): Promise<Uint8Array> {
  if ('keyFile' in lock)
    return kdf.name === 'keyFile' ? readKeyFile(lock.keyFile, path) : Promise.reject(locked(path));
  if (kdf.name !== 'scrypt') throw locked(path);
  const { cost: N, blockSize: r, parallelization: p } = kdf;
  return scryptAsync(lock.passphrase, Buffer.from(kdf.salt, 'base64url'), keyBytes, {
    N,
    r,
    p,
    maxmem: 256 * N * r,
  });
}

async function ensureKeyFile(path: string): Promise<void> {
  if (readTextIfAny(path) !== undefined) return;
  // One that somebody else has made meanwhile is as good.
  await createFileAtomic(path, Buffer.from(`${randomBytes(keyBytes).toString('base64url')}\n`), {
    mode: 0o600,
  });
}

async function readKeyFile(keyFile: string, path: string): Promise<Uint8Array> {
  const text = readText(keyFile, 'key file');
  await requirePrivate(keyFile);
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== keyBytes) throw locked(path);
  return key;
}
