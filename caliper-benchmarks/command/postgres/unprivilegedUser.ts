import { readFileSync } from 'node:fs';

export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/** Debian's package makes the first one; the second one is everywhere. */
const names = ['postgres', 'nobody'];

/**
 * Who runs PostgreSQL, which refuses to run as root: nobody else where this process is not root's.
 * @throws Error where the machine has no user for it
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
