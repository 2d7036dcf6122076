import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type ServiceProcess, serviceOf } from './childProcess.js';

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

export interface LedgerProcess extends LedgerReady, ServiceProcess {}

const readyWithinMs = 30_000;

/**
 * Starts the embedded ledger as a process of its own, which ends with this one.
 * @throws Error with its last words when it ends, or prints no line within 30 s
 */
export async function startLedgerProcess(options: LedgerProcessOptions): Promise<LedgerProcess> {
  const child = spawn(process.execPath, [options.program, ...argumentsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { log, signal } = options;
  const output = createInterface({ input: child.stdout });
  return serviceOf(child, {
    name: 'the ledger',
    readyWithinMs,
    outputs: [child.stderr],
    log,
    signal,
    ready: async (until) => {
      const [line] = (await once(output, 'line', { signal: until })) as [string];
      return readySchema.parse(JSON.parse(line));
    },
  });
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
