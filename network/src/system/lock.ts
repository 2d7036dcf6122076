import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NetworkError } from '../errors.js';
import { isRunning, thisProcess } from './processIdentity.js';

/**
 * Runs a task on a network while no other command does. A lock whose holder has died is void.
 * @throws NetworkError NETWORK_BUSY, DISK_FULL
 */
export async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'busy.json');
  await take(folder, path);
  try {
    return await work();
  } catch (error) {
    throw isDiskFull(error) ? diskFull(folder, error) : error;
  } finally {
    rmSync(path, { force: true });
  }
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  ((error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left on device/i.test(error.message));

function diskFull(folder: string, cause: unknown): NetworkError {
  return new NetworkError('VT9510', `There is no space left on the disk of ${folder}.`, {
    facts: { folder },
    cause,
  });
}

async function take(folder: string, path: string): Promise<void> {
  const content = `${JSON.stringify(await thisProcess())}\n`;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      writeFileSync(path, content, { flag: 'wx' });
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      if (await isRunning(readFileSync(path, 'utf8'))) break;
      rmSync(path, { force: true });
    }
  }
  throw new NetworkError('VT9513', `Another command is changing the network in ${folder}.`, {
    facts: { folder },
  });
}
