import { createInterface } from 'node:readline';
import { LastLines } from '@veritrain/network/last-words';
import { execa, type Options } from 'execa';

export interface ProgramOptions {
  readonly arguments: readonly string[];
  readonly cwd?: string;
  /** Variables in addition to this process's, or instead of them. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly inheritsEnvironment?: boolean;
  /** The user that it runs as. Default: this process's. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /**
   * Whether it ends by itself when its stdin ends, as it does with this process. Any other program is killed when this
   * process is gone.
   */
  readonly watchesStdin: boolean;
  /** Whether it leads a process group: Ctrl-C does not reach it, and its signals reach all that it started. */
  readonly leadsGroup?: boolean;
  /** Takes each line that it writes to stderr, and to stdout if there is no `onOutput`. */
  readonly log?: ((line: string) => void) | undefined;
  /** Takes each line that it writes to stdout. */
  readonly onOutput?: (line: string) => void;
  /** The signal that asks it to stop. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** A program that has not stopped by then is killed. Default: it may take its time. */
  readonly stopWithinMs?: number;
}

/** A program that runs as a child of this process, and ends with it, however this process ends. */
export interface RunningProgram {
  readonly processId: number;
  /** How it ended, once all that it wrote has been read: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  /** The lines of its log that explain why it ended. */
  lastWords(): string;
  /** Asks it to stop, and waits until it did. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** @throws Error if it cannot be started */
export async function startProgram(program: string, options: ProgramOptions): Promise<RunningProgram> {
  const { log, watchesStdin } = options;
  const child = execa(program, options.arguments, settingsOf(options));
  const lines = new LastLines();
  const note = (line: string): void => {
    lines.add(line);
    log?.(line);
  };
  createInterface({ input: child.stderr }).on('line', note);
  createInterface({ input: child.stdout }).on('line', options.onOutput ?? note);
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`it could not be started: ${(await child).originalMessage ?? program}`);
  const ended = child.then(({ signal, exitCode }) => signal ?? exitCode ?? 'unknown');
  if (!watchesStdin) guard(pid, ended);
  const end = async (signal?: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    processId: pid,
    ended,
    lastWords: () => lines.words,
    stop: () => end(),
    kill: () => end('SIGKILL'),
  };
}

const settingsOf = ({ cwd, user, stopSignal, ...options }: ProgramOptions) =>
  ({
    ...(cwd !== undefined && { cwd }),
    ...(stopSignal !== undefined && { killSignal: stopSignal }),
    ...user,
    env: options.environment ?? {},
    extendEnv: options.inheritsEnvironment ?? true,
    stdin: options.watchesStdin ? 'pipe' : 'ignore',
    buffer: false,
    reject: false,
    // It works only if this process ends by itself. Stdin and the guard work after a SIGKILL, too.
    cleanup: false,
    killDescendants: options.leadsGroup ?? false,
    forceKillAfterDelay: options.stopWithinMs ?? false,
  }) as const satisfies Options;

/**
 * Kills a program once this process is gone. A shell holds the other end of a pipe, which breaks then. When the program
 * ends first, the shell is killed, so that it never signals a process id that another program has been given.
 */
function guard(processId: number, ended: Promise<unknown>): void {
  const script = 'read -r _; kill -KILL "$1" 2>/dev/null';
  const shell = execa('sh', ['-c', script, 'sh', String(processId)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cleanup: false,
    reject: false,
  });
  void ended.then(() => shell.kill('SIGKILL'));
}
