import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cli = dirname(fileURLToPath(import.meta.resolve('@veritrain/cli/package.json')));
const program = join(cli, 'dist', 'main.js');
export { builtInTable as diabetes } from '@veritrain/demo';

/** All of the demo is on this machine, so it never asks a proxy. */
const deadProxy = { http_proxy: 'http://127.0.0.1:9', no_grpc_proxy: '' };

/** What the demo prints with `--format json`. */
export interface DemoObject {
  outcome: string;
  data: {
    rows: number;
    testRows: number;
    features: number;
    subsets: number;
    replicas: number;
    aggregation: string;
  };
  privacy: { epsilon: number; delta: number; domain: string } | null;
  rounds: number;
  task: string;
  family: string;
  metrics: { name: string; split: string; encrypted: number; plain: number; gap: number }[];
  precisionBits: number;
  model: {
    digest: string;
    family: string;
    features: string[];
    parameters: { weights: number[]; intercept: number };
  };
  jobs: { agreed: number; dissented: number; absent: number };
  liar: { instances: string[]; participant: string; verdict: string; rounds: number } | null;
  draws: string[][];
  seconds: { total: number; training: number; ledger: number };
  ledger: { kind: string; transactions: number; blocks: number };
  trafficBytes: number;
  report: string;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** One run of `veritrain demo`, with a folder of its own for whatever it leaves. */
export class DemoRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'veritrain-test-demo-'));
  private readonly child: ChildProcess;
  private readonly output = { stdout: '', stderr: '' };
  private readonly exited: Promise<unknown>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [program, 'demo', ...args], {
      cwd: this.folder,
      env: { ...process.env, ...deadProxy, TMPDIR: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const)
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => (this.output[name] += text));
    this.exited = once(this.child, 'close');
  }

  /** Waits until progress says so. */
  async told(what: RegExp): Promise<void> {
    while (!what.test(this.output.stderr)) {
      if (this.child.exitCode !== null) throw new Error(`it ended without saying so:\n${this.output.stderr}`);
      await delay(50);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async ended(): Promise<Ended> {
    await this.exited;
    return { status: this.child.exitCode, ...this.output };
  }

  /** Everything that runs because of this demo, with its command line. */
  processes(): Running[] {
    const all = runningProcesses();
    const mine = new Set([this.child.pid ?? 0]);
    for (let size = 0; size < mine.size;) {
      size = mine.size;
      for (const { id, parent } of all) if (mine.has(parent)) mine.add(id);
    }
    return all.filter(({ id }) => id !== this.child.pid && mine.has(id));
  }

  /** Folders of runs that were not cleared up. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith('veritrain-demo-'));
  }

  /** Removes what the test itself made, and ends the demo where a test failed half-way. */
  async clear(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface Running {
  id: number;
  parent: number;
  command: string;
}

function runningProcesses(): Running[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.flatMap((line) => {
    const [, id, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state === undefined || state.startsWith('Z')
      ? []
      : [{ id: Number(id), parent: Number(parent), command: command ?? '' }];
  });
}

/** Of these processes, the ones that still run. */
export function stillRunning(processes: readonly Running[]): Running[] {
  const now = new Map(runningProcesses().map((running) => [running.id, running.command]));
  return processes.filter(({ id, command }) => now.get(id) === command);
}
