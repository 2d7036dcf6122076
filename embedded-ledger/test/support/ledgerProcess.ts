import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
export const PROBE = fileURLToPath(new URL('../../../test/conformance/probe', import.meta.url));

const readyLine = z.object({
  gateway: z.string(),
  ca: z.url(),
  tls: z.object({ rootCertificate: z.string() }).optional(),
  channel: z.string(),
  chaincode: z.string(),
  organizations: z.string(),
  registrar: z.object({ enrolmentId: z.string(), secretFile: z.string() }),
});

export type ReadyLine = z.infer<typeof readyLine>;

/** The ledger's command as a separate process, so that a test can kill it. */
export interface LedgerProcess {
  readonly ready: ReadyLine;
  readonly child: ChildProcess;
  /** The lines of its standard error. */
  readonly told: readonly string[];
  kill(signal: NodeJS.Signals): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Kills the processes that a failed test left running. */
export function killLedgers(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

/** Starts the command on free ports and waits for its ready line. Rejects with its standard error if it ends before. */
export async function startLedgerProcess(data: string, ...more: readonly string[]): Promise<LedgerProcess> {
  const child = spawn(
    process.execPath,
    [CLI, '--chaincode', PROBE, '--data', data, '--port', '0', '--ca-port', '0', ...more],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const told: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => told.push(line));
  running.add(child);
  const ended = once(child, 'exit').finally(() => running.delete(child));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => {
      reject(new Error(told.join('\n')));
    });
  });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return { ready: readyLine.parse(JSON.parse(line)), child, told, kill };
}
