import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LastLines } from '@veritrain/network/last-words';
import { z } from 'zod';

const readySchema = z.object({
  gateway: z.string(),
  ca: z.url(),
  channel: z.string(),
  chaincode: z.string(),
  organizations: z.string(),
});

/** The line that the embedded ledger prints when it takes transactions. */
export type LedgerReady = z.infer<typeof readySchema>;

export interface LedgerProcessOptions {
  /** The embedded ledger's program. */
  program: string;
  /** Folder of the chaincode package. */
  chaincode: string;
  /** Folder of the ledger's data; resumed where there is one. */
  data: string;
  /** Gateway port; 0 takes a free one. */
  port?: number;
  caPort?: number;
  organizations?: number;
  endorse?: string;
  tls?: boolean;
  batchTimeoutMs?: number;
  /** Takes each line that the ledger writes to stderr. */
  log?: (line: string) => void;
  signal?: AbortSignal;
}

export interface LedgerProcess extends LedgerReady {
  readonly processId: number;
  /** How it ended, once it did: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  /** Asks it to stop, and waits until it did. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const readyWithinMs = 30_000;

/**
 * Starts the embedded ledger as a process of its own, which ends with this one.
 * @throws Error when it ends, or is silent for 30 s, before it is ready; with its last words
 */
export async function startLedgerProcess(options: LedgerProcessOptions): Promise<LedgerProcess> {
  const child = spawn(process.execPath, [options.program, ...argumentsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = endOf(child);
  const lines = new LastLines();
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.add(line);
    options.log?.(line);
  });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  try {
    const ready = await readyOf(child, ended, options.signal);
    return {
      ...ready,
      processId: child.pid ?? 0,
      ended,
      stop: () => stop('SIGTERM'),
      kill: () => stop('SIGKILL'),
    };
  } catch (cause) {
    await stop('SIGKILL');
    throw new Error(`the ledger did not start: ${lines.words}`, { cause });
  }
}

function argumentsOf(options: LedgerProcessOptions): string[] {
  const named: [string, string | number | undefined][] = [
    ['--chaincode', options.chaincode],
    ['--data', options.data],
    ['--port', options.port ?? 0],
    ['--ca-port', options.caPort ?? 0],
    ['--organizations', options.organizations],
    ['--endorse', options.endorse],
    ['--batch-timeout', options.batchTimeoutMs],
  ];
  const given = named.flatMap(([name, value]) => (value === undefined ? [] : [name, value.toString()]));
  return [...given, ...(options.tls === true ? ['--tls'] : []), '--until-stdin-ends'];
}

/** Closed, and not merely gone: by then its last words have come. */
async function endOf(child: ChildProcess): Promise<number | string> {
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return status ?? signal ?? 'unknown';
}

async function readyOf(
  child: ChildProcess,
  ended: Promise<number | string>,
  signal: AbortSignal | undefined,
): Promise<LedgerReady> {
  if (child.stdout === null) throw new Error('the ledger has no stdout');
  const lines = createInterface({ input: child.stdout });
  const timeout = AbortSignal.timeout(readyWithinMs);
  const firstLine = once(lines, 'line', {
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }) as Promise<[string]>;
  const gone = ended.then((how) => {
    throw new Error(`it ended with ${how.toString()}`);
  });
  const [line] = await Promise.race([firstLine, gone]);
  return readySchema.parse(JSON.parse(line));
}
