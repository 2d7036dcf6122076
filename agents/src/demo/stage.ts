import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommittedChange } from '@veritrain/client-sdk';
import type { Member } from '@veritrain/member/profile';
import { startDemoLedger } from './embeddedLedger.js';
import { Follower } from './follower.js';
import type { DemoLedger, ServiceOptions } from './ledger.js';
import type { DemoMember } from './members.js';
import type { MinioVault } from './minioVault.js';
import type { Progress } from './progress.js';
import { Supervisor } from './supervisor.js';
import type { LedgerKind } from './result.js';
import { readStepLine, type StepLine, Timeline } from './timeline.js';
import { TrafficCounter } from './traffic.js';

const command = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** All that runs: the ledger, the members' agents, and whoever reads the ledger's changes. It ends as one. */
export class Stage {
  readonly remarks: string[] = [];
  readonly timeline = new Timeline();
  readonly traffic = new TrafficCounter();
  /** Called for each step that an agent tells of. */
  onStep: (step: StepLine) => void = () => undefined;
  private readonly supervisor: Supervisor;
  private readonly opened: Member[] = [];
  private readonly closing = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private ledger: DemoLedger | undefined;
  private vault: MinioVault | undefined;

  constructor(
    private readonly folder: string,
    private readonly progress: Progress,
    private readonly signal: AbortSignal,
    private readonly fail: (error: Error) => void,
  ) {
    this.supervisor = new Supervisor({
      onLine: (_name, line) => this.heard(line),
      onRestart: (name, how) => this.remark(`${name} died (${how}) and is started again`),
      onGiveUp: fail,
    });
  }

  /** Folder of the ledger's data. */
  get ledgerFolder(): string {
    return join(this.folder, 'ledger');
  }

  /** Where the vault's operator keeps the grants and the market's key. */
  get grantsFolder(): string {
    return join(this.folder, 'grants');
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
    this.vault = await MinioVault.start(this.keeping(join(this.folder, 'minio'), 'minio.log'));
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
  startAgent({ name, member }: DemoMember, ...more: string[]): void {
    const logs = join(this.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    this.supervisor.start({
      name,
      program: command,
      arguments: [
        'agent',
        'run',
        '--profile',
        member.home.folder,
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
      log: join(this.folder, log),
      onProgress: (what) => this.progress.status(0, 1, what),
      onRestart: (what, how) => this.remark(`${what} died (${how}) and is started again`),
      onGiveUp: this.fail,
      signal: this.signal,
    };
  }

  private heard(line: string): void {
    const step = readStepLine(line);
    if (step === undefined) return;
    this.timeline.add(step);
    this.onStep(step);
  }

  private remark(what: string): void {
    this.remarks.push(what);
    this.progress.line('restart', what);
  }
}
