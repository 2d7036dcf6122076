import { createHmac } from 'node:crypto';

/**
 * The seed of a member's keyring, from which all its secrets, keys, ids, nonces and links grow: the same for the
 * same demo seed, unlike for each member, and none without a demo seed, so that a keyring draws its own secrets.
 */
export function memberSeed(demoSeed: string | undefined, member: string): string | undefined {
  if (demoSeed === undefined) return undefined;
  return createHmac('sha256', demoSeed)
    .update(JSON.stringify(['veritrain/demo/1', member]))
    .digest('hex');
}
