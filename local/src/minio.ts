import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RunningProgram } from './program.js';
import { startService } from './service.js';

// MinIO's archive is read-only and its programs are no longer published: Go's module proxy keeps its last source.
const minioModule = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';

const installFolder = (): string => join(homedir(), '.cache', 'veritrain', 'bin');

/** The one command that installs MinIO on this machine. */
export const minioInstallCommand = `GOBIN=~/.cache/veritrain/bin go install ${minioModule}`;

/** Looks for MinIO's program in VERITRAIN_MINIO_BIN, then in the folder that it is built into, then on the PATH. */
export function findMinio(): string | undefined {
  const named = process.env.VERITRAIN_MINIO_BIN;
  return locate('minio', [...(named === undefined ? [] : [named]), installFolder(), ...onPath()]);
}

/**
 * MinIO's program. Where there is none, Go builds it, which takes minutes and needs the network.
 *
 * @param onBuild is called before the build
 * @throws Error when there is neither MinIO nor Go, or the build fails
 */
export async function haveMinio(onBuild?: (command: string) => void): Promise<string> {
  const found = findMinio();
  if (found !== undefined) return found;
  const go = locate('go', onPath());
  if (go === undefined) throw new Error(`MinIO is not on this machine, and no Go: ${minioInstallCommand}`);
  onBuild?.(minioInstallCommand);
  return build(go);
}

/** Builds in a temporary folder and moves the whole program into place, so that two builds do not disturb each other. */
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

const locate = (name: string, folders: readonly string[]): string | undefined =>
  folders.map((folder) => join(folder, name)).find(isProgram);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface MinioOptions {
  /** MinIO's program; `haveMinio` knows where. */
  program: string;
  /** Folder of its objects; resumed where there is one. */
  data: string;
  /** Default, and for 0: a free one. MinIO always listens on 127.0.0.1. */
  port?: number;
  /** The root user's. Default: random ones for this process alone. */
  credentials?: { accessKey: string; secretKey: string };
  /** Folder with `public.crt` and `private.key`: MinIO then speaks TLS. */
  certificates?: string;
  /** More of MinIO's own variables. */
  environment?: Record<string, string>;
  /** Takes each line that MinIO writes. */
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export interface MinioProcess extends RunningProgram {
  /** `http(s)://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly credentials: { readonly accessKey: string; readonly secretKey: string };
}

const readyWithinMs = 60_000;
const maxAttempts = 3;

/**
 * Starts MinIO as a process of its own, which ends with this one, however this one ends.
 *
 * @throws Error with its last words when it ends, or takes no requests within 60 s
 */
export async function startMinio(options: MinioOptions): Promise<MinioProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(options, options.port ?? (await freePort()));
    } catch (error) {
      // Another program may have taken the port since it was free.
      const isTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!isTaken || options.port !== undefined || attempt === maxAttempts) throw error;
    }
  }
}

async function start(options: MinioOptions, port: number): Promise<MinioProcess> {
  const { program, data, log, signal } = options;
  const credentials = options.credentials ?? randomCredentials();
  // A folder of its own, so that certificates in the user's home are not used.
  const certificates = options.certificates ?? join(data, '.certificates');
  await mkdir(certificates, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const endpoint = `${options.certificates === undefined ? 'http' : 'https'}://${address}`;
  return startService(program, {
    name: 'MinIO',
    arguments: ['server', data, '--address', address, '--certs-dir', certificates],
    environment: { ...environmentOf(credentials), ...options.environment },
    watchesStdin: false,
    log,
    readyWithinMs,
    signal,
    ready: async (until) => {
      while (!(await isReady(endpoint, until))) await delay(50, undefined, { signal: until });
      return { endpoint, port, credentials };
    },
  });
}

const randomCredentials = (): { accessKey: string; secretKey: string } => ({
  accessKey: randomBytes(10).toString('hex'),
  secretKey: randomBytes(20).toString('hex'),
});

const environmentOf = ({ accessKey, secretKey }: MinioProcess['credentials']): Record<string, string> => ({
  MINIO_ROOT_USER: accessKey,
  MINIO_ROOT_PASSWORD: secretKey,
  MINIO_BROWSER: 'off',
  MINIO_UPDATE: 'off',
});

/** Readiness probe. It sends no data, so the certificate is not verified. */
function isReady(endpoint: string, signal: AbortSignal): Promise<boolean> {
  const get = endpoint.startsWith('https:') ? httpsGet : httpGet;
  const options = { signal, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    get(`${endpoint}/minio/health/cluster`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
