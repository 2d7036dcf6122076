import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

// MinIO's archive is read-only and its programs are no longer published: Go's module proxy keeps its last source.
const minioModule = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';

const installFolder = (): string => join(homedir(), '.cache', 'veritrain', 'bin');

/** The one command that brings MinIO to this machine. */
export const minioInstallCommand = `GOBIN=~/.cache/veritrain/bin go install ${minioModule}`;

/** Looks for MinIO's program in VERITRAIN_MINIO_BIN, then where it is built to, then on the PATH. */
export function findMinio(): string | undefined {
  const named = process.env.VERITRAIN_MINIO_BIN;
  return locate('minio', [...(named === undefined ? [] : [named]), installFolder(), ...onPath()]);
}

/**
 * MinIO's program; where there is none, it is built with Go, which takes minutes and the network.
 *
 * @param onBuild is told before it is built
 * @throws Error when there is neither, or it cannot be built
 */
export async function haveMinio(onBuild?: (command: string) => void): Promise<string> {
  const found = findMinio();
  if (found !== undefined) return found;
  const go = locate('go', onPath());
  if (go === undefined) throw new Error(`MinIO is not on this machine, and no Go: ${minioInstallCommand}`);
  onBuild?.(minioInstallCommand);
  return build(go);
}

/** Built elsewhere and moved into place whole: two that build at the same time do not disturb each other. */
async function build(go: string): Promise<string> {
  await mkdir(installFolder(), { recursive: true });
  const folder = await mkdtemp(join(installFolder(), '.build-'));
  try {
    const options = { env: { ...process.env, GOBIN: folder }, maxBuffer: 2 ** 26 };
    await promisify(execFile)(go, ['install', minioModule], options);
    const program = join(installFolder(), 'minio');
    await rename(join(folder, 'minio'), program);
    return program;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const onPath = (): string[] => (process.env.PATH ?? '').split(delimiter);

function locate(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
