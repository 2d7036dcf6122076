import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { NetworkError } from '../errors.js';
import { authorityVersion, type FabricVersion } from '../plan/options.js';

const fabricPrograms = ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin'] as const;
const authorityPrograms = ['fabric-ca-server', 'fabric-ca-client'] as const;
/** The program that only changes of a running channel need. It is located at first use. */
type ChangingProgram = 'configtxlator';
export type Program = (typeof fabricPrograms)[number] | (typeof authorityPrograms)[number] | ChangingProgram;

/** The folder in which `veritrain network install` puts the programs of a version. */
export const installFolder = (version: FabricVersion): string =>
  join(homedir(), '.cache', 'veritrain', `fabric-${version}`, 'bin');

/** Paths of Fabric's programs, all of one version. */
export interface Programs {
  readonly version: FabricVersion;
  path(program: Program): string;
}

/**
 * Looks for Fabric's programs in VERITRAIN_FABRIC_BIN, then where `network install` puts them, then on the PATH.
 * @throws NetworkError PROGRAM_MISSING, PROGRAM_VERSION
 */
export async function findPrograms(version: FabricVersion, { ca }: { ca: boolean }): Promise<Programs> {
  const found = new Map<Program, string>();
  for (const program of ca ? [...fabricPrograms, ...authorityPrograms] : fabricPrograms) {
    found.set(program, find(program, version));
  }
  const path = (program: Program): string => found.get(program) ?? find(program, version);
  await requireVersion(path('peer'), version);
  if (ca) await requireVersion(path('fabric-ca-server'), authorityVersion);
  return { version, path };
}

/** The missing programs of a version; empty if a network can be created with it. */
export function missingPrograms(version: FabricVersion): Program[] {
  return [...fabricPrograms, ...authorityPrograms].filter((name) => locate(name, version) === undefined);
}

const foldersOf = (version: FabricVersion): string[] => {
  const named = process.env.VERITRAIN_FABRIC_BIN;
  const onPath = (process.env.PATH ?? '').split(delimiter);
  return [...(named === undefined ? [] : [named]), installFolder(version), ...onPath];
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

// One Fabric CA serves every version of Fabric, so another version's folder will do for it.
const locate = (program: Program, version: FabricVersion): string | undefined =>
  [...foldersOf(version), ...(program.startsWith('fabric-ca') ? [installFolder('3.1.5')] : [])]
    .map((folder) => join(folder, program))
    .find(isProgram);

function find(program: Program, version: FabricVersion): string {
  const path = locate(program, version);
  if (path !== undefined) return path;
  throw new NetworkError('VT9501', `Fabric’s program ${program} is not installed on this machine.`, {
    facts: { program, version, lookedIn: `VERITRAIN_FABRIC_BIN, ${installFolder(version)}, PATH` },
    hint: `Install it with: veritrain network install --version ${version} --sha256 <of fabric> <of fabric-ca>`,
  });
}

async function requireVersion(path: string, version: string): Promise<void> {
  const { stdout } = await promisify(execFile)(path, ['version']);
  const said = /version:\s*v?(\S+)/i.exec(stdout)?.[1] ?? 'none';
  if (said === version) return;
  throw new NetworkError('VT9502', `${path} has version ${said}, but ${version} is required.`, {
    facts: { path, version: said, wanted: version },
  });
}
