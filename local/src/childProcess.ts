import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LastLines } from '@veritrain/network/last-words';

/** A service that runs as a process of its own. */
export interface ServiceProcess {
  readonly processId: number;
  /** How it ended, once it did: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  /** Asks it to stop, and waits until it did. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

interface Starting<Ready> {
  /** How errors call the service. */
  readonly name: string;
  readonly readyWithinMs: number;
  /** Where it writes its log, and its last words. */
  readonly outputs: readonly Readable[];
  readonly log: ((line: string) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Resolves once the service takes requests. The signal fires when nobody waits for that any more. */
  readonly ready: (signal: AbortSignal) => Promise<Ready>;
}

/**
 * Waits until a child process serves.
 * @throws Error with the last words of a child that ended, or was not ready in time; the child is then killed
 */
export async function serviceOf<Ready extends object>(
  child: ChildProcess,
  { name, readyWithinMs, outputs, log, signal, ready }: Starting<Ready>,
): Promise<Ready & ServiceProcess> {
  const ended = endOf(child);
  const lines = new LastLines();
  for (const input of outputs)
    createInterface({ input }).on('line', (line) => {
      lines.add(line);
      log?.(line);
    });
  const end = async (how: NodeJS.Signals): Promise<void> => {
    child.kill(how);
    await ended;
  };
  const gone = ended.then((how) => {
    throw new Error(`it ended with ${how.toString()}`);
  });
  const decided = new AbortController();
  const timeout = AbortSignal.timeout(readyWithinMs);
  const until = AbortSignal.any([decided.signal, timeout, ...(signal === undefined ? [] : [signal])]);
  try {
    const facts = await Promise.race([ready(until), gone]);
    const stopped = { stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
    return { ...facts, processId: child.pid ?? 0, ended, ...stopped };
  } catch (cause) {
    await end('SIGKILL');
    throw new Error(`${name} did not start: ${lines.words}`, { cause });
  } finally {
    decided.abort();
  }
}

/** Waits for `close`, not `exit`: only then all of the child's output has been read. */
async function endOf(child: ChildProcess): Promise<number | string> {
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return status ?? signal ?? 'unknown';
}

/**
 * Kills a program that does not watch its parent once this process is gone, however this process ended. A shell holds the
 * other end of a pipe, which breaks then. When the program ends first, the shell is killed too, so that it never signals a
 * process id that another program has been given.
 */
export function endWithThisProcess(program: ChildProcess, ended: Promise<unknown>): void {
  const script = 'read -r _; kill -KILL "$1" 2>/dev/null';
  const guard = spawn('sh', ['-c', script, 'sh', String(program.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  const end = (): void => {
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  };
  ended.then(end, end);
}
