import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the only file of a folder. In MSP folders its name carries no information. */
export function onlyFile(folder: string): Buffer {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`${folder} is empty`);
  return readFileSync(join(folder, name));
}
