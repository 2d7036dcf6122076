import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The one file of a folder: in MSP folders its name tells nothing. */
export function onlyFile(folder: string): Buffer {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`${folder} is empty`);
  return readFileSync(join(folder, name));
}
