import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentEvent } from '@veritrain/agents';
import type { CommittedChange } from '@veritrain/client-sdk';
import type { Member } from '@veritrain/member/profile';
import { startDemoLedger } from './embeddedLedger.js';
import { Follower } from './follower.js';
import type { Tell } from './events.js';
import type { DemoLedger, ServiceOptions } from './ledger.js';
import type { DemoMember } from './members.js';
import type { MinioVault } from './minioVault.js';
import { Supervisor } from './supervisor.js';
import type { LedgerKind } from './result.js';
import { type StepDone, Timeline } from './timeline.js';
import { TrafficCounter } from './traffic.js';

/** A process of the demo that died, and how. */
export interface Restart {
  readonly process: string;
  readonly how: string;
}

export interface StageOptions {
  /** Everything lies in it. */
  readonly folder: string;
  /** The program that runs a member's agent. */
  readonly command: string;
  readonly tell: Tell;
  readonly signal: AbortSignal;
  /** The demo cannot go on. */
  readonly fail: (error: Error) => void;
}

/** All that runs: the ledger, the members' agents, and whoever reads the ledger's changes. It ends as one. */
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

  constructor(private readonly options: StageOptions) {
    this.supervisor = new Supervisor({
      onEvent: (event) => this.heard(event),
      onRestart: (name, how) => this.restarted(name, how),
      onGiveUp: options.fail,
    });
  }

  /** Folder of the ledger's data. */
  get ledgerFolder(): string {
    return join(this.options.folder, 'ledger');
  }

  /** Where the vault's operator keeps the grants and the market's key. */
  get grantsFolder(): string {
    return join(this.options.folder, 'grants');
  }

  async startLedger(kind: LedgerKind): Promise<DemoLedger> {
    const options = this.keeping(this.ledgerFolder, 'ledger.log');
    if (kind === 'embedded') this.ledger = await startDemoLedger(options);
    else this.ledger = await (await import('./fabricLedger.js')).startFabricLedger(options);
    return this.ledger;
  }

  /** MinIO as the market's vault. */
  async startVault(): Promise<MinioVault> {
    const { MinioVault } = await import('./minioVault.js');
    this.vault = await MinioVault.start(this.keeping(join(this.options.folder, 'minio'), 'minio.log'));
    return this.vault;
  }

  /** Remembers members to close at the end. */
  keep(...members: Member[]): void {
    this.opened.push(...members);
  }

  /** Reads the market's changes, as this member, until the end. */
  follow({ market }: Member, onChange: (change: CommittedChange) => void): Follower {
    const follower = new Follower(market.events, onChange);
    this.following = follower
      .run(this.closing.signal)
      .catch((error: unknown) => this.options.fail(error as Error));
    return follower;
  }

  /** Starts a member's agent, as its operator would. */
  startAgent({ name, member }: DemoMember, ...more: string[]): void {
    const logs = join(this.options.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    this.supervisor.start({
      name,
      program: this.options.command,
      arguments: [
        'agent',
        'run',
        '--profile',
        member.home.folder,
        '--format',
        'jsonl',
        '--log-format',
        'json',
        '--until-stdin-ends',
        ...more,
      ],
      logPath: join(logs, `${name}.log`),
    });
  }

  /** Stops whatever runs: the agents first, then what they talk to. */
  async clear(): Promise<void> {
    await this.supervisor.stop();
    this.closing.abort();
    await this.following;
    for (const member of this.opened) member.close();
    await this.vault?.stop();
    await this.ledger?.stop();
  }

  /** How whatever the agents talk to is kept running. */
  private keeping(data: string, log: string): ServiceOptions {
    return {
      data,
      log: join(this.options.folder, log),
      onProgress: (words) => this.options.tell({ kind: 'serviceStarting', words }),
      onRestart: (name, how) => this.restarted(name, how),
      onGiveUp: this.options.fail,
      signal: this.options.signal,
    };
  }

  private heard(event: AgentEvent): void {
    if (event.kind !== 'stepDone') return;
    this.timeline.add(event);
    this.onStep(event);
  }

  private restarted(process: string, how: string): void {
    this.restarts.push({ process, how });
    this.options.tell({ kind: 'restarted', process, how });
  }
}
