import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClientConfig } from 'pg';
import { endWithThisProcess } from '@veritrain/local';
import { LastLines } from '@veritrain/network/last-words';
import { findPostgres, whyNoPostgres } from './programs.js';
import { unprivilegedUser, type UnprivilegedUser } from './unprivilegedUser.js';

export interface PostgresServer {
  /** The connection of its superuser. */
  readonly connection: ClientConfig;
  /** Ends its sessions, waits until it has stopped and removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Maximum number of client connections. */
  readonly clients: number;
  readonly signal: AbortSignal;
}

/** Additional connections for the superuser's reserve and for observers. */
const spareConnections = 10;

const superuser = 'postgres';

/**
 * Starts a PostgreSQL from Debian's packages with an empty database in a folder for temporary files, on a Unix socket
 * there that only its user and root can reach. Apart from the number of connections it uses the package's default
 * settings: it syncs every commit to the disk.
 * @throws Error if the program is missing, or with its last lines if it does not start
 */
export async function startPostgres({ clients, signal }: ServerOptions): Promise<PostgresServer> {
  signal.throwIfAborted();
  const programs = findPostgres();
  if (programs === undefined) throw new Error(whyNoPostgres());
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-postgres-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    const start = startIn(folder, user);
    const initdb = start(join(programs, 'initdb'), [
      ...['--pgdata', data, '--username', superuser, '--auth', 'trust'],
      ...['--encoding', 'UTF8', '--no-locale'],
    ]);
    const status = await initdb.ended;
    signal.throwIfAborted();
    if (status !== 0) throw new Error(`PostgreSQL's initdb failed: ${initdb.lines.words}`);
    const server = start(join(programs, 'postgres'), [
      ...['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`],
      ...['-c', `max_connections=${clients + spareConnections}`],
    ]);
    endWithThisProcess(server.child, server.ended);
    await untilReady(server, signal);
    return {
      connection: { host: folder, port: 5432, user: superuser, database: superuser, ssl: false },
      stop: async () => {
        await stopFast(server);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Program {
  readonly child: ChildProcess;
  readonly lines: LastLines;
  /** Its exit status or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function startIn(folder: string, user: UnprivilegedUser | undefined) {
  return (program: string, args: readonly string[]): Program => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // English, since its readiness is read from its log. No variables that configure other servers.
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      ...user,
    });
    const lines = new LastLines();
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => lines.add(line));
    const ended = once(child, 'close').then(
      ([status, signal]: (number | string | null)[]) => status ?? signal ?? 'unknown',
    );
    return { child, lines, ended };
  };
}

async function untilReady(server: Program, signal: AbortSignal): Promise<void> {
  const { child, ended, lines } = server;
  if (child.stderr === null) throw new Error('PostgreSQL has no log.');
  const log = createInterface({ input: child.stderr });
  const ready = new Promise<void>((resolve) => {
    log.on('line', (line) => {
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
  const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
  try {
    signal.throwIfAborted();
    await Promise.race([
      ready,
      aborted,
      ended.then((how) => {
        throw new Error(`PostgreSQL ended with ${how.toString()}: ${lines.words}`);
      }),
    ]);
  } catch (error) {
    await stopFast(server);
    throw error;
  }
}

/** SIGINT ends PostgreSQL’s sessions first; SIGTERM would wait for them. */
async function stopFast({ child, ended }: Program): Promise<void> {
  child.kill('SIGINT');
  await ended;
}
