import { createHmac, randomBytes } from 'node:crypto';

const idBodyCharacters = 12;

/** Where the demo's ids and secrets come from: from a seed, the same each time, or from the system's generator. */
export interface IdentitySource {
  /** An id of a record of the ledger: prefix and body, the same for the same label where there is a seed. */
  id(prefix: string, label: string): string;
  /** What a member's keyring grows from; undefined lets it draw its own secrets, as every user's does. */
  keyringSeed(member: string): string | undefined;
  /** The seed of the split; undefined lets the split draw its own. */
  splitSeed(): Uint8Array | undefined;
}

export function identitySource(seed: string | undefined): IdentitySource {
  return seed === undefined ? fromTheSystem : fromSeed(seed);
}

const fromTheSystem: IdentitySource = {
  id: (prefix) => `${prefix}${randomBytes(idBodyCharacters / 2).toString('hex')}`,
  keyringSeed: () => undefined,
  splitSeed: () => undefined,
};

function fromSeed(seed: string): IdentitySource {
  const derive = (...labels: string[]): Buffer =>
    createHmac('sha256', seed)
      .update(JSON.stringify(['veritrain/demo/1', ...labels]))
      .digest();
  return {
    id: (prefix, label) =>
      `${prefix}${derive('id', prefix, label).toString('hex').slice(0, idBodyCharacters)}`,
    keyringSeed: (member) => derive('keyring', member).toString('hex'),
    splitSeed: () => derive('split'),
  };
}
