import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of 1 MiB; undefined if this user may not mount one. */
export function mountSmallDisk(): { readonly path: string; remove(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'ledger-disk-'));
  const remove = (): void => rmSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    remove();
    return undefined;
  }
  return {
    path,
    remove() {
      execFileSync('umount', [path]);
      remove();
    },
  };
}
