import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentEvent, agentEventSchema } from '@veritrain/agents';
import type { VeritrainError } from '@veritrain/client-sdk';
import { LastLines } from '@veritrain/network/last-words';
import { z } from 'zod';
import { demoError } from './errors/demoError.js';
import { LogFile } from './logFile.js';

/** A member's process, started by the command that its operator would type. */
interface MemberProcess {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** File of its log. */
  readonly logPath: string;
}

interface SupervisorOptions {
  /** An event of a member's agent. */
  readonly onEvent: (event: AgentEvent) => void;
  /** A member died without being asked to, and is started again. */
  readonly onRestart: (name: string, how: string, count: number) => void;
  /** A member dies again and again, or its log cannot be written: the demo cannot go on. */
  readonly onGiveUp: (error: VeritrainError) => void;
}

interface Watched {
  readonly member: MemberProcess;
  readonly log: LogFile;
  readonly lines: LastLines;
  child: ChildProcess;
  restarts: number;
}

const maxRestarts = 5;
const restartPauseMs = 200;
const stopWithinMs = 5_000;

/**
 * Keeps members' processes running: one that dies is started again. Each has a pipe as its stdin, which ends when this
 * process ends, however that happens. Each leads a process group of its own, so that Ctrl-C reaches only this process,
 * which then stops them in order.
 */
export class Supervisor {
  private readonly watched = new Map<string, Watched>();
  private stopping = false;

  constructor(private readonly options: SupervisorOptions) {}

  start(member: MemberProcess): void {
    const log = new LogFile(member.logPath, this.options.onGiveUp);
    const watched: Watched = { member, log, lines: new LastLines(), child: this.spawn(member), restarts: 0 };
    this.watched.set(member.name, watched);
    this.follow(watched);
  }

  /** The process ids of all that run now, by member. */
  processIds(): Map<string, number> {
    return new Map([...this.watched].map(([name, { child }]) => [name, child.pid ?? 0]));
  }

  /** Asks all to stop, waits, and kills those that did not within five seconds. Starts nothing again. */
  async stop(): Promise<void> {
    this.stopping = true;
    const all = [...this.watched.values()];
    await Promise.all(all.map(({ child }) => stopChild(child)));
    await Promise.all(all.map(({ log }) => log.end()));
    this.watched.clear();
  }

  private spawn(member: MemberProcess): ChildProcess {
    return spawn(process.execPath, [member.program, ...member.arguments], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...member.environment },
    });
  }

  private follow(watched: Watched): void {
    const { child, log, lines } = watched;
    child.stdin?.on('error', () => undefined);
    if (child.stderr !== null)
      createInterface({ input: child.stderr }).on('line', (line) => {
        lines.add(line);
        log.write(line);
      });
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = readEvent(line);
        if (event !== undefined) this.options.onEvent(event);
      });
    child.once('error', (cause) => this.giveUp(watched, 'could not be started', cause));
    child.once('exit', (status, signal) => {
      if (!this.stopping) void this.restart(watched, signal ?? `exit status ${(status ?? 1).toString()}`);
    });
  }

  private async restart(watched: Watched, how: string): Promise<void> {
    watched.restarts += 1;
    if (watched.restarts > maxRestarts) {
      this.giveUp(watched, `died ${watched.restarts.toString()} times, at last with ${how}`);
      return;
    }
    this.options.onRestart(watched.member.name, how, watched.restarts);
    await delay(restartPauseMs * 2 ** (watched.restarts - 1));
    if (this.stopping) return;
    watched.child = this.spawn(watched.member);
    this.follow(watched);
  }

  private giveUp(watched: Watched, what: string, cause?: unknown): void {
    const { member, lines } = watched;
    const reason = `${member.name} ${what}: ${lines.words}`;
    this.options.onGiveUp(demoError('VT9601', reason, { facts: { member: member.name }, cause }));
  }
}

const itemLine = z.object({ item: agentEventSchema });

/** The event in a line of `agent run --format jsonl`; undefined for its last line, which has none. */
function readEvent(line: string): AgentEvent | undefined {
  try {
    return itemLine.safeParse(JSON.parse(line)).data?.item;
  } catch {
    return undefined;
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  signalGroup(child, 'SIGTERM');
  const cancel = new AbortController();
  const late = delay(stopWithinMs, 'late', { signal: cancel.signal }).catch(() => undefined);
  const first = await Promise.race([ended, late]);
  cancel.abort();
  if (first !== 'late') return;
  signalGroup(child, 'SIGKILL');
  await ended;
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** Reaches the processes that the member started, too. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}
