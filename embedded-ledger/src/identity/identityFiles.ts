import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing, naming } from '../systemError.js';

export async function writeIdentityFile(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode }).catch((error: unknown) => {
    throw naming(error, path);
  });
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}
