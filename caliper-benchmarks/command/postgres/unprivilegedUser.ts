import { readFileSync } from 'node:fs';

export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/** Debian's package creates the first one; the second one exists everywhere. */
const names = ['postgres', 'nobody'];

/**
 * The user for PostgreSQL, which refuses to run as root; undefined if this process does not run as root.
 * @throws Error if the machine has no such user
 */
export function unprivilegedUser(accounts = '/etc/passwd'): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync(accounts, 'utf8').split('\n');
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL does not run as root, and there is no user ${names.join(' or ')}.`);
}
