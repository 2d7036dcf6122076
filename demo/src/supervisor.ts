import { type AgentEvent, agentEventSchema } from '@veritrain/agents';
import type { VeritrainError } from '@veritrain/client-sdk';
import { type RunningProgram, startProgram } from '@veritrain/local';
import { z } from 'zod';
import { demoError } from './errors/demoError.js';
import { KeptProcess } from './keptProcess.js';

/** A member's process, started by the command that its operator would type. */
interface MemberProcess {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
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

const stopWithinMs = 5_000;

/**
 * Keeps members' processes running. Each leads a process group, so that Ctrl-C reaches only this process, which then
 * stops them in order.
 */
export class Supervisor {
  private readonly kept = new Map<string, KeptProcess<RunningProgram>>();

  constructor(private readonly options: SupervisorOptions) {}

  /** @throws AGENT_KEEPS_DYING if it cannot be started */
  async start({ name, program, logPath, ...member }: MemberProcess): Promise<void> {
    const { onEvent, onRestart, onGiveUp } = this.options;
    const kept = await KeptProcess.start({
      what: name,
      log: logPath,
      start: (log) =>
        startProgram(process.execPath, {
          arguments: [program, ...member.arguments],
          watchesStdin: true,
          leadsGroup: true,
          stopWithinMs,
          log,
          onOutput: (line) => {
            const event = readEvent(line);
            if (event !== undefined) onEvent(event);
          },
        }),
      failed: (cause) => {
        const reason = cause instanceof Error ? cause.message : `${name} died`;
        return demoError('VT9601', reason, { facts: { member: name }, cause });
      },
      onRestart,
      onGiveUp,
    });
    this.kept.set(name, kept);
  }

  /** The process ids of all that run now, by member. */
  processIds(): Map<string, number> {
    return new Map([...this.kept].map(([name, { current }]) => [name, current.processId]));
  }

  /** Asks all to stop, waits, and kills those that did not within five seconds. Starts nothing again. */
  async stop(): Promise<void> {
    await Promise.all([...this.kept.values()].map((kept) => kept.stop()));
    this.kept.clear();
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
