import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandBlock } from './document.js';

export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** The ledger's ports in a test are free ones: what the reader types stays as it is. */
const freePorts = 'embedded-ledger() { command embedded-ledger "$@" --port 0 --ca-port 0; }';

/**
 * A user at several terminals. What is typed in one after the other shares its environment and its folder, as the page
 * has it set in every terminal; what keeps a terminal busy runs beside it.
 */
export class Terminals {
  readonly home = mkdtempSync(join(tmpdir(), 'vt-'));
  /** All that was ever printed. */
  readonly printed: string[] = [];
  private readonly state = join(this.home, 'state.sh');
  private readonly busy = new Map<string, ChildProcess>();

  constructor(repository: string) {
    writeFileSync(this.state, `cd ${repository}\n`);
  }

  /** Types a block and waits until it is done. */
  async type(script: string): Promise<Ended> {
    const keep = `{ export -p; echo "cd \\"$PWD\\""; } > "${this.state}"`;
    const child = this.spawn(`source "${this.state}"\nset -euo pipefail\n${script}\nset +eu\n${keep}`);
    return this.collect(child);
  }

  /** Types one command line, whatever it ends with. */
  run(command: string): Promise<Ended> {
    return this.collect(this.spawn(`source "${this.state}"\n${command}`));
  }

  /** Starts what keeps a terminal busy, after Ctrl-C for what kept it busy before. Returns once it printed something. */
  async occupy({ terminal = '', script }: CommandBlock): Promise<void> {
    await this.interrupt(terminal);
    const child = this.spawn(`source "${this.state}"\n${freePorts}\n${script}`);
    this.busy.set(terminal, child);
    await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), once(child, 'exit')]);
  }

  /** Ctrl-C. @returns how it ended, or undefined where nothing ran */
  async interrupt(terminal: string): Promise<number | string | undefined> {
    const child = this.busy.get(terminal);
    if (child?.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? undefined;
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    signalGroup(child, 'SIGINT');
    const [status, signal] = await ended;
    return status ?? signal ?? undefined;
  }

  /** Ctrl-C everywhere, and whoever does not hear it is killed. */
  async close(): Promise<void> {
    const all = Promise.all([...this.busy.keys()].reverse().map((terminal) => this.interrupt(terminal)));
    await Promise.race([all, delay(15_000)]);
    for (const child of this.busy.values()) signalGroup(child, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }

  private spawn(script: string): ChildProcess {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const child = spawn('bash', ['-c', script], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, NODE_COMPILE_CACHE, HOME: this.home, TERM: 'dumb' },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => this.printed.push(chunk.toString()));
    }
    return child;
  }

  private async collect(child: ChildProcess): Promise<Ended> {
    const texts = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status: status ?? -1, ...texts };
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

/** A file of the user's. */
export const readHome = (terminals: Terminals, path: string): string =>
  readFileSync(join(terminals.home, 'first-market', path), 'utf8');
