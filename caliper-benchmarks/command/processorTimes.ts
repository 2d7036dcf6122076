import { readFileSync, readdirSync } from 'node:fs';
import { setInterval as everySoOften } from 'node:timers/promises';

/** Kinds of process that share the work of a transaction, by their command lines. */
const kinds: Readonly<Record<ProcessKind, RegExp>> = {
  peer: /\/peer\0node\0start/,
  orderer: /\/orderer\0?$/,
  contract: /fabric-chaincode-node|fabric-shim\/cli\.js/,
  ledger: /embedded-ledger\/dist\/cli\.js/,
  caliper: /caliper-cli\/caliper\.js\0launch/,
};
type ProcessKind = 'peer' | 'orderer' | 'contract' | 'ledger' | 'caliper';

/** Milliseconds of processor time by kind of process. */
export type ProcessorTimes = Partial<Record<ProcessKind, number>>;

const ticksPerSecond = 100;
const lookEveryMs = 500;

/**
 * Adds up the processor time of a network's and Caliper's processes during a task, including processes that begin or
 * end meanwhile. It reads `/proc`, so it finds none except on Linux. It misses a process's last half second.
 */
export async function processorTimesOf<T>(
  work: () => Promise<T>,
): Promise<{ result: T; times: ProcessorTimes }> {
  const before = look();
  const last = new Map(before);
  const done = new AbortController();
  const watching = watch(last, done.signal);
  let result: T;
  try {
    result = await work();
    for (const [pid, found] of look()) last.set(pid, found);
  } finally {
    done.abort();
    await watching;
  }
  const times: ProcessorTimes = {};
  for (const [pid, { kind, ms }] of last) times[kind] = (times[kind] ?? 0) + ms - (before.get(pid)?.ms ?? 0);
  return { result, times };
}

interface Found {
  readonly kind: ProcessKind;
  readonly ms: number;
}

async function watch(last: Map<number, Found>, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of everySoOften(lookEveryMs, undefined, { signal }))
      for (const [pid, found] of look()) last.set(pid, found);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function look(): Map<number, Found> {
  const found = new Map<number, Found>();
  for (const name of processes()) {
    const one = read(name);
    if (one !== undefined) found.set(Number(name), one);
  }
  return found;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** @returns undefined for a process of another kind, or one that has just ended */
function read(pid: string): Found | undefined {
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const [kind] = Object.entries(kinds).find(([, pattern]) => pattern.test(commandLine)) ?? [];
    if (kind === undefined) return undefined;
    // The program's name, in parentheses, may contain anything. User and system time are the 12th and 13th field after
    // it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { kind: kind as ProcessKind, ms: (ticks * 1000) / ticksPerSecond };
  } catch {
    return undefined;
  }
}
