import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Distinguishes a process from a later one with the same id, even after a reboot. */
const identitySchema = z.strictObject({
  processId: z.number().int().positive(),
  /** In the format of the system. */
  startedAt: z.string(),
});
export type ProcessIdentity = z.infer<typeof identitySchema>;

/** Undefined if there is no such process, or only its remains. */
export async function identify(processId: number): Promise<ProcessIdentity | undefined> {
  const startedAt = existsSync('/proc/self/stat') ? startInProc(processId) : await startByPs(processId);
  return startedAt === undefined ? undefined : { processId, startedAt };
}

export async function thisProcess(): Promise<ProcessIdentity> {
  const self = await identify(process.pid);
  if (self === undefined) throw new Error('the system does not know this process');
  return self;
}

/** Whether the process that this JSON text names still runs. A truncated text names none. */
export async function isRunning(text: string): Promise<boolean> {
  return (await findRunning(text)) !== undefined;
}

/** The process id, if it still runs. */
export async function findRunning(text: string): Promise<number | undefined> {
  const identity = parse(text);
  if (identity === undefined) return undefined;
  const now = await identify(identity.processId);
  return now?.startedAt === identity.startedAt ? identity.processId : undefined;
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    return identitySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const stateField = 0;
const threadsField = 17;
const startField = 19;

function startInProc(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The second field, in brackets, is a name that may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Its first thread may have ended before the others, which keep its ports and files open until they end.
    const remains = fields[stateField] === 'Z' && Number(fields[threadsField]) <= 1;
    return remains ? undefined : `${boot}:${fields[startField] ?? ''}`;
  } catch {
    return undefined;
  }
}

async function startByPs(processId: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', processId.toString()]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}
