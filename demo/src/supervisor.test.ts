import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentEvent } from '@veritrain/agents';
import type { VeritrainError } from '@veritrain/client-sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Supervisor } from './supervisor.js';

let folder: string;
let supervisor: Supervisor;
let events: AgentEvent[];
let restarts: string[];
let gaveUp: VeritrainError | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veritrain-supervisor-'));
  events = [];
  restarts = [];
  gaveUp = undefined;
  supervisor = new Supervisor({
    onEvent: (event) => events.push(event),
    onRestart: (name, how, count) => restarts.push(`${name} ${how} ${count}`),
    onGiveUp: (error) => (gaveUp = error),
  });
});

afterEach(async () => {
  await supervisor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, source: string, ...args: string[]): Promise<void> {
  const program = join(folder, `${name}.mjs`);
  writeFileSync(program, source);
  await supervisor.start({ name, program, arguments: args, logPath: join(folder, `${name}.log`) });
}

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

/** Code of a process that tells of a step as an agent does. */
const tells = (facts: string): string =>
  `console.log(JSON.stringify({ outcome: 'item', item: {
    kind: 'stepDone', at: new Date().toISOString(), step: 'fetchModel', facts: ${facts}, ms: 1 } }));`;
const toldFacts = (): unknown[] => events.map((event) => (event.kind === 'stepDone' ? event.facts : event));

const untilStdinEnds = `process.stdin.on('end', () => process.exit(0)).resume();`;

describe('Supervisor', () => {
  it('hands on the events of a member, passes over what is none, and keeps its log', async () => {
    const other = `console.log('{"outcome":"done"}'); console.log('{broken');`;
    const told = tells('{ who: process.argv[2] }');
    await start(
      'host-1',
      `console.error('hello', process.argv[2]); ${other} ${told} ${untilStdinEnds}`,
      'there',
    );
    await vi.waitFor(() => expect(toldFacts()).toEqual([{ who: 'there' }]), 5_000);
    await supervisor.stop();
    expect(readFileSync(join(folder, 'host-1.log'), 'utf8')).toBe('hello there\n');
  });

  it('starts a member again that died, and says how it died', async () => {
    await start('host-2', `${tells('{}')} ${untilStdinEnds}`);
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);
    const first = supervisor.processIds().get('host-2') ?? 0;
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(events).toHaveLength(2), 5_000);
    expect(restarts).toEqual(['host-2 SIGKILL 1']);
    expect(supervisor.processIds().get('host-2')).not.toBe(first);
  });

  it('gives up on a member that keeps dying, with its last words', async () => {
    await start('host-3', `console.error('no key'); process.exit(3);`);
    await vi.waitFor(
      () => expect(gaveUp?.message).toMatch(/VT9601.*host-3 died 6 times.*exit status 3.*no key/s),
      20_000,
    );
    expect(restarts).toHaveLength(5);
  });

  it('ends a member that does not listen, and whatever it started', async () => {
    await start(
      'stubborn',
      `import { spawn } from 'node:child_process';
      process.on('SIGTERM', () => undefined);
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000)']);
      ${tells('{ own: process.pid, childs: child.pid }')}
      setInterval(() => undefined, 1000);`,
    );
    await vi.waitFor(() => expect(events).toHaveLength(1), 5_000);
    await delay(100);
    const ids = Object.values(toldFacts()[0] as Record<string, number>);
    await supervisor.stop();
    await vi.waitFor(() => expect(ids.filter(isRunning)).toEqual([]), 5_000);
    expect(restarts).toEqual([]);
  });
});
