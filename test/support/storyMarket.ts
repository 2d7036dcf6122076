import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMarket } from '@veritrain/member';
import { openMember, type Member } from '@veritrain/member/profile';
import {
  createProfile,
  enrolMember,
  randomEnrolmentId,
  readMarketEndpoint,
  readMspUser,
  registerParticipant,
  registrarOf,
  type Credentials,
  type MarketEndpoint,
} from '@veritrain/member/enrolment';
import type { Role } from '@veritrain/client-sdk';
import { AgentProcess, type AgentProcessOptions } from './agentProcess.js';
import {
  embeddedLedger,
  type EmbeddedStoryLedger,
  type StartLedger,
  type StoryLedger,
} from './storyLedger.js';

export interface StoryMarketOptions<T extends StoryLedger = EmbeddedStoryLedger> {
  /** Default: the embedded ledger. */
  ledger?: StartLedger<T>;
  /** Milliseconds, on an idle machine; a window is half of it, the least deadline 20 of it. */
  tickPeriodMs?: number;
  /** Roles come from certificates and nothing else. Default: anybody may take any. */
  rolesFromAttributes?: boolean;
}

interface EnrolmentOptions {
  /** Where this member sees the market's vault. */
  vault?: string;
  /** Domain of the organisation whose CA certifies it. */
  organization?: string;
  /** What the certificate grants. Default: in a market that demands it, all that is asked for. */
  certifiedRoles?: readonly Role[];
}

/** A member of a story, connected from the test, with its own profile folder for processes. */
export interface StoryMember {
  readonly name: string;
  readonly participantId: string;
  readonly member: Member;
  readonly profile: string;
}

/** How long the ledger takes to start on two idle cores. A slower machine gets a slower market. */
const usualStartMs = 4_000;
const maxSlowness = 6;

/** A whole market on this machine: a ledger of processes, and members with profiles of their own. */
export class StoryMarket<T extends StoryLedger = EmbeddedStoryLedger> {
  private readonly agents = new Set<AgentProcess>();
  private ended = false;
  private readonly members: Member[] = [];

  private constructor(
    readonly folder: string,
    readonly tickPeriodMs: number,
    readonly ledger: T,
    private readonly rolesFromAttributes: boolean,
  ) {}

  static start(options?: StoryMarketOptions): Promise<StoryMarket>;
  static start<T extends StoryLedger>(
    options: StoryMarketOptions<T> & { ledger: StartLedger<T> },
  ): Promise<StoryMarket<T>>;
  static async start({
    tickPeriodMs = 500,
    ledger: startLedger = embeddedLedger,
    rolesFromAttributes = false,
  }: StoryMarketOptions<StoryLedger> = {}): Promise<StoryMarket<StoryLedger>> {
    const folder = mkdtempSync(join(tmpdir(), 'veritrain-story-'));
    const startedAt = performance.now();
    const ledger = await startLedger(join(folder, 'ledger'));
    const slowness = Math.min(maxSlowness, Math.max(1, (performance.now() - startedAt) / usualStartMs));
    const tickMs = Math.round(tickPeriodMs * slowness);
    const market = new StoryMarket(folder, tickMs, ledger, rolesFromAttributes);
    await market.configure();
    return market;
  }

  get vault(): string {
    return join(this.folder, 'vault');
  }

  /** The shortest pace that the market allows: each deadline of a round comes this much after the one before. */
  get paceMs(): number {
    return 20 * this.tickPeriodMs;
  }

  /** Enrols a member under a random name, gives it a profile and registers it. */
  async join(name: string, roles: Role[], options: EnrolmentOptions = {}): Promise<StoryMember> {
    const { certifiedRoles = this.rolesFromAttributes ? roles : [] } = options;
    const { member, profile } = await this.enrol(name, { ...options, certifiedRoles });
    const { participant } = await registerParticipant(member, { roles }, {});
    return { name, participantId: participant.participantId, member, profile };
  }

  /** Enrols somebody under a random name and gives it a profile. */
  async enrol(
    name: string,
    { vault, organization = 'org1.example.com', certifiedRoles = [] }: EnrolmentOptions = {},
  ): Promise<Pick<StoryMember, 'member' | 'profile'>> {
    const endpoint = this.endpointOf(organization);
    const credentials = await enrolMember({
      url: endpoint.certificateAuthority?.url ?? '',
      tlsRootPem: endpoint.certificateAuthority?.tlsRootPem,
      organization,
      enrolmentId: randomEnrolmentId(),
      registrar: registrarOf(endpoint.connection),
      attributes: certifiedRoles.length === 0 ? {} : { 'veritrain.roles': certifiedRoles.join(' ') },
    });
    return this.open(name, { endpoint, credentials, vault });
  }

  /** Connects whoever has these credentials, with a profile of its own; the same seed gives the same keyring. */
  async open(
    name: string,
    {
      endpoint,
      credentials,
      vault = this.vault,
      seed = name,
    }: { endpoint: MarketEndpoint; credentials: Credentials; vault?: string | undefined; seed?: string },
  ): Promise<Pick<StoryMember, 'member' | 'profile'>> {
    const { folder } = await createProfile({
      name,
      folder: join(this.folder, 'profiles', name),
      connection: endpoint.connection,
      tls: endpoint.tls,
      credentials,
      vault,
      seed,
    });
    const member = await openMember(folder, patient);
    this.members.push(member);
    return { member, profile: folder };
  }

  /** How an organisation's members reach the market, and who certifies them. */
  endpointOf(organization: string): MarketEndpoint {
    return readMarketEndpoint(join(this.folder, 'ledger'), organization);
  }

  /** Starts a member's agent as a process. */
  run({ name, profile }: StoryMember, options: AgentProcessOptions = {}): AgentProcess {
    // A scene that starts agents again when they are killed must not take the end for one more death.
    if (this.ended) throw new Error('the market has ended');
    const agent = AgentProcess.start(name, profile, options);
    this.agents.add(agent);
    return agent;
  }

  /** Returns once all agents that were started had their first look at the ledger. */
  async agentsStarted(): Promise<void> {
    await Promise.all([...this.agents].map((agent) => agent.started()));
  }

  async stopAgents(): Promise<void> {
    await Promise.all([...this.agents].map((agent) => agent.stop('SIGKILL')));
    this.agents.clear();
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.stopAgents();
    for (const member of this.members) member.close();
    await this.ledger.stop();
    if (process.env.VERITRAIN_KEEP_STORIES === undefined)
      rmSync(this.folder, { recursive: true, force: true });
    else process.stderr.write(`kept ${this.folder}\n`);
  }

  private async configure(): Promise<void> {
    const settings = {
      tickPeriodMs: this.tickPeriodMs,
      windowMs: Math.floor(this.tickPeriodMs / 2),
      leastDeadlineMs: this.paceMs,
      rolesFromAttributes: this.rolesFromAttributes,
    };
    await openMarket({ ledger: join(this.folder, 'ledger'), settings });
    await this.makeOperator();
  }

  /** The administrator of the first organisation, who runs the vault. */
  private async makeOperator(): Promise<void> {
    const organization = 'org1.example.com';
    const { connection, tls } = this.endpointOf(organization);
    const organizations = connection.organizations ?? '';
    const credentials = readMspUser({ organizations, organization, user: 'Admin' });
    const folder = join(this.folder, 'profiles', 'operator');
    await createProfile({ name: 'operator', folder, connection, tls, credentials, vault: this.vault });
  }
}

/** Stories tick so often that, where other tests keep the machine busy, ticks may outpace a call's usual eight tries. */
const patient = { attempts: 60 };

/** The Diabetes table, as text. */
export const diabetes = (): string =>
  readFileSync(new URL('../../demo/data/diabetes.csv', import.meta.url), 'utf8');

/**
 * The same as somebody would bring it: a category in words, an age missing in every tenth row, and a target of two words, `high`
 * above the median, `low` elsewhere.
 */
export function riskTable(): string {
  const [header = '', ...lines] = diabetes().trim().split('\n');
  const rows = lines.map((line) => line.split(','));
  const targets = rows.map((cells) => Number(cells.at(-1))).sort((a, b) => a - b);
  const median = targets[Math.floor(targets.length / 2)] ?? 0;
  const worded = rows.map(([age = '', sex, ...rest], index) =>
    [index % 10 === 3 ? '' : age, sex === '1' ? 'male' : 'female', ...rest.slice(0, -1)].concat(
      Number(rest.at(-1)) > median ? 'high' : 'low',
    ),
  );
  return [header, ...worded.map((cells) => cells.join(','))].join('\n');
}
