import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { ClassicLevel } from 'classic-level';
import { z } from 'zod';
import { openDatabase } from '../store/openDatabase.js';
import { KeyedMutex } from './keyedMutex.js';

const attribute = z.object({ name: z.string(), value: z.string(), ecert: z.boolean() });

const record = z.object({
  salt: z.string(),
  secretHash: z.string(),
  type: z.string(),
  affiliation: z.string(),
  attributes: z.array(attribute),
  /** -1 means no limit. */
  maxEnrollments: z.number().int(),
  enrollments: z.number().int(),
  registrar: z.boolean(),
});

export type IdentityAttribute = z.infer<typeof attribute>;
export type IdentityRecord = z.infer<typeof record>;
export type NewIdentity = Omit<IdentityRecord, 'salt' | 'secretHash' | 'enrollments'> & {
  readonly secret: string;
};

/** The registered identities of all authorities. Secrets are stored as salted scrypt hashes; every change is synced. */
export class IdentityRegistry {
  /** Secrets that match or are being verified, by a hash that only this process can compute. */
  private readonly checked = new Map<string, Promise<boolean>>();
  private readonly checkKey = randomBytes(32);
  /** One hash at a time, since the ledger writes its blocks with the same few threads. */
  private readonly hashing = new KeyedMutex();

  private constructor(private readonly database: ClassicLevel) {}

  static async open(folder: string): Promise<IdentityRegistry> {
    const database = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
    const ifCorrupt = 'Restore the folder from a backup. Only this folder lists the registered identities.';
    return new IdentityRegistry(await openDatabase(database, { folder, what: 'registry', ifCorrupt }));
  }

  find(authority: string, id: string): IdentityRecord | undefined {
    const json = this.database.getSync(key(authority, id));
    return json === undefined ? undefined : record.parse(JSON.parse(json));
  }

  async add(authority: string, id: string, identity: NewIdentity): Promise<void> {
    const { secret, ...rest } = identity;
    const salt = randomBytes(16).toString('hex');
    const secretHash = (await this.hash(secret, salt)).toString('hex');
    await this.put(authority, id, { ...rest, salt, secretHash, enrollments: 0 });
    this.checked.set(this.checkOf(secretHash, secret), Promise.resolve(true));
  }

  /** scrypt is slow by design and registrars authenticate for each member, so successful checks are cached. */
  async secretMatches(identity: IdentityRecord, secret: string): Promise<boolean> {
    const { salt, secretHash } = identity;
    const check = this.checkOf(secretHash, secret);
    const matching =
      this.checked.get(check) ??
      this.hash(secret, salt).then((found) => timingSafeEqual(found, Buffer.from(secretHash, 'hex')));
    this.checked.set(check, matching);
    let matches = false;
    try {
      matches = await matching;
      return matches;
    } finally {
      // Failed checks are not cached: an attacker could send any number of them.
      if (!matches) this.checked.delete(check);
    }
  }

  private hash(secret: string, salt: string): Promise<Buffer> {
    return this.hashing.run('secret', () => hash(secret, salt));
  }

  private checkOf(secretHash: string, secret: string): string {
    return createHmac('sha256', this.checkKey).update(`${secretHash}\0${secret}`).digest('base64');
  }

  async countEnrollment(authority: string, id: string, identity: IdentityRecord): Promise<void> {
    await this.put(authority, id, { ...identity, enrollments: identity.enrollments + 1 });
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private async put(authority: string, id: string, identity: IdentityRecord): Promise<void> {
    await this.database.put(key(authority, id), JSON.stringify(identity), { sync: true });
  }
}

function key(authority: string, id: string): string {
  return `${authority}\0${id}`;
}

function hash(secret: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, Buffer.from(salt, 'hex'), 32, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}
