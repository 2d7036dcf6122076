import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { startProgram, startService } from '@veritrain/local';
import { findPostgres, whyNoPostgres } from './programs.js';
import { unprivilegedUser } from './unprivilegedUser.js';

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
const readyWithinMs = 60_000;

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
    const common = {
      cwd: folder,
      // English, since its readiness is read from its log. No variables that configure other servers.
      environment: { PATH: process.env.PATH, LC_ALL: 'C' },
      inheritsEnvironment: false,
      user,
      watchesStdin: false,
    };
    const initdb = await startProgram(join(programs, 'initdb'), {
      ...common,
      arguments: [
        ...['--pgdata', data, '--username', superuser, '--auth', 'trust'],
        ...['--encoding', 'UTF8', '--no-locale'],
      ],
    });
    const status = await initdb.ended;
    signal.throwIfAborted();
    if (status !== 0) throw new Error(`PostgreSQL's initdb failed: ${initdb.lastWords()}`);
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (isReady = resolve));
    const server = await startService(join(programs, 'postgres'), {
      ...common,
      name: 'PostgreSQL',
      arguments: [
        ...['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`],
        ...['-c', `max_connections=${clients + spareConnections}`],
      ],
      // SIGINT ends PostgreSQL’s sessions first; SIGTERM would wait for them.
      stopSignal: 'SIGINT',
      log: (line) => {
        if (line.includes('database system is ready to accept connections')) isReady();
      },
      readyWithinMs,
      signal,
      ready: () => ready.then(() => ({})),
    });
    return {
      connection: { host: folder, port: 5432, user: superuser, database: superuser, ssl: false },
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    signal.throwIfAborted();
    throw error;
  }
}
