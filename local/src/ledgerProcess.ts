import { z } from 'zod';
import type { RunningProgram } from './program.js';
import { startService } from './service.js';

const readySchema = z.object({
  gateway: z.string(),
  ca: z.url(),
  channel: z.string(),
  chaincode: z.string(),
  organizations: z.string(),
  registrar: z.object({ enrolmentId: z.string(), secretFile: z.string() }),
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

export interface LedgerProcess extends LedgerReady, RunningProgram {}

const readyWithinMs = 30_000;

/**
 * Starts the embedded ledger as a process of its own, which ends with this one.
 * @throws Error with its last words when it ends, or prints no line within 30 s
 */
export async function startLedgerProcess(options: LedgerProcessOptions): Promise<LedgerProcess> {
  let heard: (line: string) => void = () => undefined;
  const firstLine = new Promise<string>((resolve) => (heard = resolve));
  return startService(process.execPath, {
    name: 'the ledger',
    arguments: [options.program, ...argumentsOf(options)],
    watchesStdin: true,
    log: options.log,
    onOutput: heard,
    readyWithinMs,
    signal: options.signal,
    ready: async () => readySchema.parse(JSON.parse(await firstLine)),
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
