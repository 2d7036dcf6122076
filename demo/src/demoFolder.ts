import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, writeLightly } from '@veritrain/member/home';

const prefix = 'veritrain-demo-';
const ownerFile = 'owner';

/** The folder of one run. It is removed after the run, unless it is to be kept. */
export class DemoFolder {
  private constructor(
    readonly path: string,
    private readonly keep: boolean,
  ) {}

  /** Makes a new folder, and removes those of runs that were killed before they could clear up. */
  static make(keep: boolean, parent = tmpdir()): DemoFolder {
    for (const name of readdirSync(parent)) {
      if (name.startsWith(prefix) && isAbandoned(join(parent, name))) remove(join(parent, name));
    }
    const path = mkdtempSync(join(parent, prefix));
    try {
      // A folder without an owner is never taken for an abandoned one.
      if (!keep) writeLightly(join(path, ownerFile), process.pid.toString());
    } catch (error) {
      remove(path);
      throw error;
    }
    return new DemoFolder(path, keep);
  }

  clear(): void {
    if (!this.keep) remove(this.path);
  }
}

const remove = (path: string): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });

function isAbandoned(folder: string): boolean {
  const path = join(folder, ownerFile);
  if (!existsSync(path)) return false;
  return !isRunning(Number(readFileSync(path, 'utf8')));
}
