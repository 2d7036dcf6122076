import { open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { naming } from './systemError.js';

/** Syncs a folder, so its entries (a rename, a new file) survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a whole file or nothing: to a temporary name, synced, then renamed. @throws the system's error, with this path
 */
export async function writeFileAtomically(path: string, content: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, content, { mode, flush: true });
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw naming(error, path);
  }
}
