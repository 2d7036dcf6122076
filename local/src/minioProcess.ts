import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { LastLines } from '@veritrain/network/last-words';
import { endWithThisProcess } from './endWithThisProcess.js';

export interface MinioOptions {
  /** MinIO's program; `haveMinio` knows where. */
  program: string;
  /** Folder of its objects; resumed where there is one. */
  data: string;
  /** 0 (if absent) takes a free one; always on 127.0.0.1. */
  port?: number;
  /** The root user's; made for this process alone if absent. */
  credentials?: { accessKey: string; secretKey: string };
  /** Folder with `public.crt` and `private.key`: MinIO then speaks TLS. */
  certificates?: string;
  /** More of MinIO's own variables. */
  environment?: Record<string, string>;
  /** Takes each line that MinIO writes. */
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export interface MinioProcess {
  /** `http(s)://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly processId: number;
  readonly credentials: { readonly accessKey: string; readonly secretKey: string };
  /** How it ended, once it did: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  /** Asks it to stop, and waits until it did. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const readyWithinMs = 60_000;
const mostTries = 3;

/**
 * Starts MinIO as a process of its own, which ends with this one, however this one ends.
 *
 * @throws Error when it ends, or takes no requests for 60 s; with its last words
 */
export async function startMinio(options: MinioOptions): Promise<MinioProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(options, options.port ?? (await freePort()));
    } catch (error) {
      // Somebody else may have taken the port that was free a moment ago.
      const isTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!isTaken || options.port !== undefined || attempt === mostTries) throw error;
    }
  }
}

async function start(options: MinioOptions, port: number): Promise<MinioProcess> {
  const { program, data, log, signal } = options;
  const credentials = options.credentials ?? throwAwayCredentials();
  // Its own folder, so that what lies in the user's home has no say.
  const certificates = options.certificates ?? join(data, '.certificates');
  await mkdir(certificates, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const child = spawn(program, ['server', data, '--address', address, '--certs-dir', certificates], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(credentials), ...options.environment },
  });
  const ended = endOf(child);
  endWithThisProcess(child, ended);
  const lines = linesOf(child, log);
  const stop = async (how: NodeJS.Signals): Promise<void> => {
    child.kill(how);
    await ended;
  };
  const endpoint = `${options.certificates === undefined ? 'http' : 'https'}://${address}`;
  try {
    await ready(endpoint, ended, signal);
  } catch (cause) {
    await stop('SIGKILL');
    throw new Error(`MinIO did not start: ${lines.words}`, { cause });
  }
  return {
    endpoint,
    port,
    processId: child.pid ?? 0,
    credentials,
    ended,
    stop: () => stop('SIGTERM'),
    kill: () => stop('SIGKILL'),
  };
}

const throwAwayCredentials = (): { accessKey: string; secretKey: string } => ({
  accessKey: randomBytes(10).toString('hex'),
  secretKey: randomBytes(20).toString('hex'),
});

const environmentOf = ({ accessKey, secretKey }: MinioProcess['credentials']): Record<string, string> => ({
  MINIO_ROOT_USER: accessKey,
  MINIO_ROOT_PASSWORD: secretKey,
  MINIO_BROWSER: 'off',
  MINIO_UPDATE: 'off',
});

function linesOf(child: ChildProcess, log: ((line: string) => void) | undefined): LastLines {
  const lines = new LastLines();
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      lines.add(line);
      log?.(line);
    });
  }
  return lines;
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return status ?? signal ?? 'unknown';
}

async function ready(
  endpoint: string,
  ended: Promise<number | string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(readyWithinMs);
  const decided = new AbortController();
  const until = AbortSignal.any([decided.signal, timeout, ...(signal === undefined ? [] : [signal])]);
  const gone = ended.then((how) => {
    throw new Error(`it ended with ${how.toString()}`);
  });
  const takesRequests = async (): Promise<void> => {
    while (!(await isReady(endpoint, until))) await delay(50, undefined, { signal: until });
  };
  try {
    await Promise.race([takesRequests(), gone]);
  } finally {
    decided.abort();
  }
}

/** Whether it takes objects. Nothing is sent, and nobody believes the answer, so that any certificate will do. */
function isReady(endpoint: string, signal: AbortSignal): Promise<boolean> {
  const get = endpoint.startsWith('https:') ? httpsGet : httpGet;
  const options = { signal, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    get(`${endpoint}/minio/health/cluster`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => {
      resolve(false);
    });
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
