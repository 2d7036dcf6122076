import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { NetworkError } from '../errors.js';

/** The folder of a chaincode package that can run as a server. */
export interface ChaincodeFolder {
  readonly folder: string;
  /** The package's name without scope. */
  readonly name: string;
  /** The program of the fabric-shim that this package itself depends on. */
  readonly shim: string;
}

const manifestSchema = z.object({ name: z.string().min(1), main: z.string().default('index.js') });
const shimSchema = z.object({ bin: z.object({ 'fabric-chaincode-node': z.string() }) });

/** @throws NetworkError CHAINCODE_INVALID, naming the missing part */
export function readChaincodeFolder(path: string): ChaincodeFolder {
  const folder = resolve(path);
  const manifest = join(folder, 'package.json');
  const refuse = (what: string, cause?: unknown): NetworkError =>
    new NetworkError('VT9511', `${folder} ${what}.`, { facts: { folder }, cause });
  if (!existsSync(manifest)) throw refuse('has no package.json');
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(manifest, 'utf8')));
  if (!parsed.success) throw refuse('has a package.json without a name');
  const { name, main } = parsed.data;
  if (!existsSync(join(folder, main))) throw refuse(`is not built: ${main} does not exist`);
  try {
    const shimManifest = createRequire(manifest).resolve('fabric-shim/package.json');
    const shim = shimSchema.parse(JSON.parse(readFileSync(shimManifest, 'utf8')));
    const program = join(dirname(shimManifest), shim.bin['fabric-chaincode-node']);
    return { folder, name: name.replace(/^@[^/]*\//, ''), shim: program };
  } catch (cause) {
    throw refuse('has no fabric-shim installed', cause);
  }
}
