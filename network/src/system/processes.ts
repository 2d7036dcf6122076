import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Layout } from '../plan/layout.js';
import { writeFile } from '../plan/networkFile.js';
import { lastWords } from './lastWords.js';
import { findRunning, identify } from './processIdentity.js';
import { cleanEnvironment } from './runProgram.js';

/** A server that runs in the background. */
export interface ProcessSpecification {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Writes the files that it reads when it starts. */
  readonly prepare: () => void;
}

const politeMs = 10_000;

/**
 * The background processes of a network. Files record them, so any later command finds them and detects those that died
 * or that a reboot ended.
 */
export class Processes {
  constructor(private readonly layout: Layout) {}

  logOf(name: string): string {
    return join(this.layout.logs, `${name}.log`);
  }

  /** The last lines of a process's log that explain why it ended. */
  lastWordsOf(name: string): string {
    return existsSync(this.logOf(name))
      ? lastWords(readFileSync(this.logOf(name), 'utf8').split('\n'))
      : 'it has no log';
  }

  /** Names of all processes that were started and not stopped, alive or not. */
  names(): string[] {
    if (!existsSync(this.layout.processes)) return [];
    return readdirSync(this.layout.processes)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();
  }

  /** The process id, if it runs. */
  async find(name: string): Promise<number | undefined> {
    return existsSync(this.path(name)) ? findRunning(readFileSync(this.path(name), 'utf8')) : undefined;
  }

  /** Starts it in a new session, so neither Ctrl-C nor the end of this process reaches it. */
  async start(specification: ProcessSpecification): Promise<void> {
    const { name, program, environment, cwd } = specification;
    mkdirSync(this.layout.logs, { recursive: true });
    mkdirSync(cwd, { recursive: true });
    specification.prepare();
    const log = openSync(this.logOf(name), 'a');
    try {
      const child = spawn(program, specification.arguments, {
        cwd,
        env: cleanEnvironment(environment),
        stdio: ['ignore', log, log],
        detached: true,
      });
      child.on('error', () => undefined);
      child.unref();
      const identity = child.pid === undefined ? undefined : await identify(child.pid);
      if (identity !== undefined) writeFile(this.path(name), `${JSON.stringify(identity)}\n`);
    } finally {
      closeSync(log);
    }
  }

  /** Asks it to end, waits up to ten seconds, then kills it. */
  async stop(name: string): Promise<void> {
    const processId = await this.find(name);
    if (processId !== undefined) {
      signal(processId, 'SIGTERM');
      const end = Date.now() + politeMs;
      while ((await this.find(name)) !== undefined && Date.now() < end) await delay(50);
      if ((await this.find(name)) !== undefined) signal(processId, 'SIGKILL');
      while ((await this.find(name)) !== undefined) await delay(20);
    }
    rmSync(this.path(name), { force: true });
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.names().map((name) => this.stop(name)));
  }

  private path(name: string): string {
    return join(this.layout.processes, `${name}.json`);
  }
}

function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name);
  } catch {
    // It ended in the meantime.
  }
}
