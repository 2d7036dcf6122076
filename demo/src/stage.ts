import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentEvent } from '@veritrain/agents';
import type { CommittedChange } from '@veritrain/client-sdk';
import type { Member } from '@veritrain/member/profile';
import { Follower } from './follower.js';
import { type DemoLedger, type ServiceOptions, startDemoLedger } from './ledger.js';
import type { MinioVault } from './minioVault.js';
import type { DemoRun } from './prepare.js';
import { Supervisor } from './supervisor.js';
import { type StepDone, Timeline } from './timeline.js';
import { TrafficCounter } from './traffic.js';

/** A process of the demo that died, and how. */
interface Restart {
  readonly process: string;
  readonly how: string;
}

/** All that runs: the ledger, the vault, the members' agents, and the follower of the ledger's changes. It stops as one. */
export class Stage {
  readonly restarts: Restart[] = [];
  readonly timeline = new Timeline();
  readonly traffic = new TrafficCounter();
  /** Called for each step that an agent did. */
  onStep: (step: StepDone) => void = () => undefined;
  private readonly supervisor: Supervisor;
  private readonly opened: Member[] = [];
  private readonly closing = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private ledger: DemoLedger | undefined;
  private vault: MinioVault | undefined;

  /** @param fail called when the demo cannot go on */
  constructor(
    readonly run: DemoRun,
    private readonly fail: (error: Error) => void,
  ) {
    this.supervisor = new Supervisor({
      onEvent: (event) => this.heard(event),
      onRestart: (name, how) => this.restarted(name, how),
      onGiveUp: fail,
    });
  }

  /** Folder of the ledger's data. */
  get ledgerFolder(): string {
    return join(this.run.folder, 'ledger');
  }

  /** Where the vault's operator keeps the grants and the market's key. */
  get grantsFolder(): string {
    return join(this.run.folder, 'grants');
  }

  async startLedger(): Promise<DemoLedger> {
    const options = this.keeping(this.ledgerFolder, 'ledger.log');
    if (this.run.options.fabric)
      this.ledger = await (await import('./fabricLedger.js')).startFabricLedger(options);
    else this.ledger = await startDemoLedger(options);
    return this.ledger;
  }

  /** Starts MinIO as the market's vault. */
  async startVault(): Promise<MinioVault> {
    const { MinioVault } = await import('./minioVault.js');
    this.vault = await MinioVault.start(this.keeping(join(this.run.folder, 'minio'), 'minio.log'));
    return this.vault;
  }

  /** Remembers members to close at the end. */
  keep(...members: Member[]): void {
    this.opened.push(...members);
  }

  /** Reads the market's changes, as this member, until the end. */
  follow({ market }: Member, onChange: (change: CommittedChange) => void): Follower {
    const follower = new Follower(market.events, onChange);
    this.following = follower.run(this.closing.signal).catch((error: unknown) => this.fail(error as Error));
    return follower;
  }

  /** Starts a member's agent, as its operator would. */
  async startAgent({ name, member }: { name: string; member: Member }, ...more: string[]): Promise<void> {
    const logs = join(this.run.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    await this.supervisor.start({
      name,
      program: this.run.command,
      arguments: [
        ...['agent', 'run', '--profile', member.home.folder],
        ...['--format', 'jsonl', '--log-format', 'json', '--until-stdin-ends'],
        ...more,
      ],
      logPath: join(logs, `${name}.log`),
    });
  }

  /** Stops all that runs: first the agents, then the services that they use. */
  async clear(): Promise<void> {
    await this.supervisor.stop();
    this.closing.abort();
    await this.following;
    for (const member of this.opened) member.close();
    await this.vault?.stop();
    await this.ledger?.stop();
  }

  private keeping(data: string, log: string): ServiceOptions {
    return {
      data,
      log: join(this.run.folder, log),
      onProgress: (words) => this.run.tell({ kind: 'serviceStarting', words }),
      onRestart: (name, how) => this.restarted(name, how),
      onGiveUp: this.fail,
      signal: this.run.signal,
    };
  }

  private heard(event: AgentEvent): void {
    if (event.kind !== 'stepDone') return;
    this.timeline.add(event);
    this.onStep(event);
  }

  private restarted(process: string, how: string): void {
    this.restarts.push({ process, how });
    this.run.tell({ kind: 'restarted', process, how });
  }
}
