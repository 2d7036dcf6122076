import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { speakers } from './lastWords.js';

const cli = dirname(fileURLToPath(import.meta.resolve('@veritrain/cli/package.json')));
const program = join(cli, 'dist', 'main.js');

/** A line of an agent's JSON log. */
export interface LogLine {
  step?: string;
  msg?: string;
  code?: string;
  level?: number;
  attempt?: number;
  subset?: number;
  [fact: string]: unknown;
}

export interface AgentProcessOptions {
  approve?: 'auto' | 'manual';
  fault?: string;
  /** A port for Prometheus and probes; 0 for any. */
  metrics?: number;
  /** Modules of families of one's own. */
  familyFiles?: string;
  /** `before:<step>[:n]` or `after:<step>[:n]`. */
  crashAt?: string;
}

/** `veritrain agent run` as an operator starts it: one process for one member. */
export class AgentProcess {
  readonly lines: LogLine[] = [];
  readonly ended: Promise<number | string>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    logPath: string,
  ) {
    // Closed, not merely gone: by then its last lines are in the log, and nothing is written after a test's end.
    this.ended = once(child, 'close').then(
      ([status, signal]: (number | string | null)[]) => status ?? signal ?? -1,
    );
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.lines.push(parseLine(line));
        appendFileSync(logPath, `${line}\n`);
      });
    }
  }

  static start(name: string, profile: string, options: AgentProcessOptions = {}): AgentProcess {
    const { approve = 'auto', fault, metrics, familyFiles, crashAt } = options;
    const args = ['agent', 'run', '--profile', profile, '--approve', approve, '--log-format', 'json'];
    if (fault !== undefined) args.push('--fault', fault);
    if (metrics !== undefined) args.push('--metrics', metrics.toString());
    const child = spawn(process.execPath, [program, ...args, '--until-stdin-ends'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: {
        ...process.env,
        ...(familyFiles !== undefined && { VERITRAIN_FAMILY_FILES: familyFiles }),
        ...(crashAt !== undefined && { VERITRAIN_CRASH_AT: crashAt }),
      },
    });
    const agent = new AgentProcess(name, child, join(profile, 'agent.log'));
    speakers.push(agent);
    return agent;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Returns once the agent had its first look at the ledger. */
  async started(): Promise<void> {
    let how: number | string | undefined;
    void this.ended.then((end) => (how = end));
    while (!this.steps().includes('started')) {
      if (how !== undefined) throw new Error(`${this.name} ended with ${how.toString()} before it started`);
      await delay(50);
    }
  }

  /** Returns right after it did this step of an attempt. */
  async did(step: string, attempt: number): Promise<void> {
    while (!this.lines.some((line) => line.step === step && line.attempt === attempt)) await delay(5);
  }

  /** The steps that it did, in order. */
  steps(): string[] {
    return this.lines.flatMap(({ step }) => (step === undefined ? [] : [step]));
  }

  /** What it warned of. */
  warnings(): string[] {
    return this.lines.flatMap(({ level = 0, code, msg }) =>
      level >= 40 ? [`${code ?? ''} ${msg ?? ''}`] : [],
    );
  }

  lastWords(): string {
    return this.lines
      .slice(-8)
      .map((line) => `\n  ${JSON.stringify(line)}`)
      .join('');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}
