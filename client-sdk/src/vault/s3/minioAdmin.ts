import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isVeritrainError, sdkError } from '../../errors/veritrainError.js';
import { placeOf } from '../handles.js';
import { type AccessKeys, keySource } from './credentials.js';
import { failureOf } from './failure.js';
import { type S3Options, checkOptions } from './options.js';
import type { Policy } from './policy.js';
import { callService, serviceOf } from './signedRequest.js';

/** How the account of a participant is called: as little as its place does this say who it is. */
export const accountOf = (marketKey: Uint8Array, participantId: string): string =>
  `veritrain-${placeOf(marketKey, participantId)}`;

const adminPath = '/minio/admin/v3';

const accountSchema = z.object({ AccountName: z.string().min(1) });

/**
 * The account that MinIO's admin interface takes these credentials for: of temporary ones the account that asked for
 * them. Nothing is changed.
 *
 * @returns undefined where there is no such interface for them, since it is refused, or the server is another one
 */
export async function adminAccount(options: S3Options): Promise<string | undefined> {
  try {
    const { call } = await administrator(options);
    // What a server without an admin interface would take for an object is only read.
    const answer = await call('GET', 'accountinfo?prefix-usage=false');
    return accountSchema.safeParse(parseJson(answer)).data?.AccountName;
  } catch (error) {
    if (isVeritrainError(error, 'VT8206', 'VT8201', 'VT8209', 'VT8214')) return undefined;
    throw error;
  }
}

/**
 * Makes an account, or gives it another secret key, that may do what a policy says and nothing with the admin interface:
 * not even what everybody may do there for itself, such as keys that never expire.
 *
 * @returns its secret key
 * @throws VAULT_ACCESS_DENIED and what else keeps the server from doing it
 */
export async function setAccount(options: S3Options, account: string, policy: Policy): Promise<string> {
  const { call, keys } = await administrator(options);
  const secretKey = randomBytes(30).toString('base64url');
  const closed = { Effect: 'Deny', Action: ['admin:*'] };
  const limited = { ...policy, Statement: [...policy.Statement, closed] };
  const name = encodeURIComponent(account);
  await call('PUT', `add-canned-policy?name=${name}`, JSON.stringify(limited));
  const user = Buffer.from(JSON.stringify({ secretKey, status: 'enabled' }));
  await call('PUT', `add-user?accessKey=${name}`, encrypted(keys.secretKey, user));
  await call('PUT', `set-user-or-group-policy?isGroup=false&policyName=${name}&userOrGroup=${name}`);
  return secretKey;
}

interface Administrator {
  readonly keys: AccessKeys;
  readonly call: (method: 'GET' | 'PUT', path: string, body?: Uint8Array | string) => Promise<string>;
}

async function administrator(options: S3Options): Promise<Administrator> {
  const { endpoint, bucket, region = 'us-east-1', credentials } = checkOptions(options);
  const service = serviceOf(options);
  const coded = (purpose: 'identify' | 'read' | 'write') => (error: unknown) => {
    throw failureOf(error, { endpoint, bucket }, { purpose });
  };
  const keys = await keySource(credentials, service)(undefined).catch(coded('identify'));
  const signer = { keys, region, service: 's3' as const };
  return {
    keys,
    call: (method, path, body) =>
      callService(service, { method, path: `${adminPath}/${path}`, body, signer }).catch(
        coded(method === 'GET' ? 'read' : 'write'),
      ),
  };
}

/** MinIO's form of what only it may read: salt, algorithm, nonce, and one last piece of a sio stream. */
function encrypted(password: string, content: Buffer): Buffer {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)];
  const key = pbkdf2Sync(password, salt, 8192, 32, 'sha256');
  const sealPiece = (number: number, piece: Buffer, associated: Buffer): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(number);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, count])).setAAD(associated);
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  };
  const pbkdf2AesGcm = 2;
  const lastPiece = 0x80;
  const header = sealPiece(0, Buffer.alloc(0), Buffer.alloc(0));
  const piece = sealPiece(1, content, Buffer.concat([Buffer.from([lastPiece]), header]));
  return Buffer.concat([salt, Buffer.from([pbkdf2AesGcm]), nonce, piece]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw sdkError('VT8214', 'The vault answers otherwise than an admin interface.');
  }
}
