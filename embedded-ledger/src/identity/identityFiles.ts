import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export async function writeIdentityFile(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
