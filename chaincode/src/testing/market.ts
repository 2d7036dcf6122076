import { createHash, randomBytes } from 'node:crypto';
import {
  commonErrors,
  drawAnchor,
  drawLink,
  instanceIdOf,
  packageCommitment,
  parseInstanceId,
  subsetsPerVerification,
  transactions,
  updateCommitment,
  type CloudInstance,
  type ErrorName,
  type InputOf,
  type MarketSettings,
  type OutputOf,
  type TrainJob,
  type TransactionName,
} from '../domain/index.js';
import { makeIdentity, type IdentityOptions, type TestIdentity } from './identity.js';
import { MemoryLedger, Refused } from './memoryLedger.js';

export const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const nonceOf = (text: string): string => hashOf(text).slice('sha256:'.length);
export const sealed = 'eyJhbGciOiJFQ0RILUVTIn0..AAAA.BBBB.CCCC';
export const handle = (text: string): string => hashOf(text).slice(7, 39);

export const period = 500;
export const settings: MarketSettings = {
  votingOrganizations: ['Org1MSP', 'Org2MSP', 'Org3MSP'],
  tickPeriodMs: period,
  windowMs: 250,
  leastDeadlineMs: 10_000,
  leastReplicas: 1,
  rolesFromAttributes: false,
  companyTagRequired: false,
};

export const deadlines = {
  verifyMs: 10_000,
  noticeMs: 10_000,
  answerMs: 10_000,
  startMs: 10_000,
  commitMs: 10_000,
  uploadMs: 20_000,
  closeMs: 30_000,
  revealMs: 40_000,
  attestMs: 50_000,
};

/** A refusal must be one that the transaction's specification lists. */
export function declared(name: TransactionName, { refusal, reported }: Refused): ErrorName {
  const known: readonly ErrorName[] = [...commonErrors, ...transactions[name].errors];
  if (refusal === null || !known.includes(refusal)) throw new Error(`${name} does not list: ${reported}`);
  return refusal;
}

export interface Shape {
  readonly subsets?: number;
  readonly replicas?: number;
  readonly lifetimeRounds?: number;
  readonly settings?: Partial<MarketSettings>;
}

export interface CoupleShape {
  readonly rounds?: number;
  readonly spareAttempts?: number;
  readonly subsetsPerRound?: number;
  readonly coupleId?: string;
}

/** A market with a data owner, a model owner and a host for each slot of its dataset, driven step by step. */
export class TestMarket {
  readonly members = new Map<string, TestIdentity>();
  readonly datasetId = 'ds_test';
  readonly modelId = 'md_test';
  readonly chains = new Map<string, { readonly secret: string; readonly attempts: number }>();

  private constructor(
    readonly ledger: MemoryLedger,
    readonly subsets: number,
    readonly replicas: number,
  ) {}

  get place() {
    return { channel: this.ledger.channel, chaincode: this.ledger.chaincode };
  }

  /** Configured, with registered members; nothing offered yet. */
  static async open(shape: Shape = {}): Promise<TestMarket> {
    const market = new TestMarket(new MemoryLedger(), shape.subsets ?? 2, shape.replicas ?? 3);
    await market.member('admin', { unit: 'admin' });
    await market.submit('admin', 'ConfigureMarket', { ...settings, ...shape.settings });
    await market.tick();
    await market.register('owner', 'dataOwner');
    await market.register('modeller', 'modelOwner');
    for (let host = 0; host < market.replicas; host += 1) await market.register(`host${host}`, 'cloudOwner');
    return market;
  }

  /** The dataset offered, joined and verified; a model registered. Host i holds slot i of every subset. */
  static async ready(shape: Shape = {}): Promise<TestMarket> {
    const market = await TestMarket.open(shape);
    await market.offer({ lifetimeRounds: shape.lifetimeRounds ?? 100 });
    for (let index = 0; index < market.subsets; index += 1) {
      for (let slot = 0; slot < market.replicas; slot += 1) await market.join(`host${slot}`, index, slot);
    }
    await market.verifyAll();
    const program = { programDigest: hashOf('program'), architectureDigest: hashOf('architecture') };
    await market.submit('modeller', 'RegisterModel', {
      modelId: market.modelId,
      ...program,
      protection: 'encrypted',
    });
    return market;
  }

  /** A ready market with an approved couple. */
  static async approved(shape: Shape & CoupleShape = {}): Promise<TestMarket> {
    const market = await TestMarket.ready(shape);
    await market.request(shape);
    await market.approve();
    return market;
  }

  async member(name: string, options: IdentityOptions = {}): Promise<TestIdentity> {
    const known = this.members.get(name);
    if (known !== undefined) return known;
    const made = await makeIdentity(name, options);
    this.members.set(name, made);
    return made;
  }

  who(name: string): TestIdentity {
    const found = this.members.get(name);
    if (found === undefined) throw new Error(`no member ${name}`);
    return found;
  }

  submit<Name extends TransactionName>(
    who: string,
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    return this.ledger.submit(this.who(who), name, input);
  }

  query<Name extends TransactionName>(
    name: Name,
    input: InputOf<Name>,
    who = 'owner',
  ): Promise<OutputOf<Name>> {
    return this.ledger.query(this.who(who), name, input);
  }

  /** The name of the refusal; fails when the call succeeds, and when a refusal changed anything. */
  async refusal<Name extends TransactionName>(
    who: string,
    name: Name,
    input: InputOf<Name>,
  ): Promise<ErrorName> {
    const before = this.ledger.snapshot();
    try {
      await this.submit(who, name, input);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.ledger.snapshot() !== before)
        throw new Error('a refusal changed the ledger', { cause: error });
      return declared(name, error);
    }
    throw new Error(`${name} succeeded`);
  }

  async register(name: string, ...roles: InputOf<'RegisterParticipant'>['roles']): Promise<void> {
    const { signingKey, encryptionKey } = await this.member(name);
    await this.submit(name, 'RegisterParticipant', {
      participantId: this.id(name),
      roles,
      signingKey,
      encryptionKey,
    });
  }

  id(name: string): string {
    return `pt_${name}`;
  }

  /** Lets `ms` go by with a tick at the end (and one at the start, so that deadlines begun now begin to run). */
  async pass(ms: number): Promise<void> {
    await this.tick();
    this.ledger.now += ms - period;
    await this.tick();
  }

  async tick(): Promise<void> {
    this.ledger.now += period;
    await this.submit('admin', 'Tick', {});
  }

  offer(over: Partial<InputOf<'RegisterDataset'>> = {}): Promise<OutputOf<'RegisterDataset'>> {
    return this.submit('owner', 'RegisterDataset', {
      datasetId: this.datasetId,
      templateDigest: hashOf('template'),
      subsets: this.subsets,
      replicas: this.replicas,
      lifetimeRounds: 100,
      aggregation: 'perSubset',
      requestRules: { mostRounds: 100, mostSubsetsPerRound: 40, protections: ['encrypted', 'plain'] },
      deadlines,
      ...over,
    });
  }

  packageDigest(index: number): string {
    return hashOf(`package ${index}`);
  }

  /** What a host sends to join, with a token for it, for its slot and for its package. */
  joinInput(host: string, index: number, slot: number, digest = this.packageDigest(index), generation = 1) {
    const instanceId = instanceIdOf(this.datasetId, index, slot);
    const participantId = this.id(host);
    const expiresAt = this.ledger.now + 3_600_000;
    const facts = {
      ...this.place,
      datasetId: this.datasetId,
      subsetIndex: index,
      slot,
      generation,
      participantId,
    };
    const nonce = nonceOf(`${instanceId} ${host}`);
    const commitment = packageCommitment(
      { ...this.place, instanceId, generation, participantId, nonce },
      digest,
    );
    const token = this.who('owner').token({ ...facts, expiresAt });
    return { instanceId, generation, expiresAt, token, nonce, commitment };
  }

  join(
    host: string,
    index: number,
    slot: number,
    digest?: string,
    generation?: number,
  ): Promise<CloudInstance> {
    return this.submit(host, 'JoinInstance', this.joinInput(host, index, slot, digest, generation));
  }

  async verifyAll(): Promise<void> {
    const all = Array.from({ length: this.subsets }, (_, subsetIndex) => ({
      subsetIndex,
      packageDigest: this.packageDigest(subsetIndex),
    }));
    const size = Math.min(15, subsetsPerVerification(this.replicas));
    for (let at = 0; at < all.length; at += size) {
      const packages = all.slice(at, at + size);
      await this.submit('owner', 'VerifyInstances', { datasetId: this.datasetId, packages });
    }
  }

  requestInput(shape: CoupleShape = {}): InputOf<'RequestTraining'> {
    const { coupleId = 'tc_test', rounds = 10, spareAttempts = 5, subsetsPerRound } = shape;
    return {
      coupleId,
      datasetId: this.datasetId,
      modelId: this.modelId,
      rounds,
      spareAttempts,
      heKeyDigest: hashOf(`he key of ${coupleId}`),
      idleMs: 10_000,
      ...(subsetsPerRound === undefined ? {} : { subsetsPerRound }),
    };
  }

  request(shape: CoupleShape = {}): Promise<OutputOf<'RequestTraining'>> {
    return this.submit('modeller', 'RequestTraining', this.requestInput(shape));
  }

  async approve(coupleId = 'tc_test'): Promise<OutputOf<'ApproveTraining'>> {
    const { terms } = await this.query('GetCouple', { coupleId });
    const chain = {
      secret: `sha256:${randomBytes(32).toString('hex')}`,
      attempts: terms.rounds + terms.spareAttempts,
    };
    this.chains.set(coupleId, chain);
    const anchor = drawAnchor({ ...this.place, coupleId }, chain.secret, chain.attempts);
    return this.submit('owner', 'ApproveTraining', { coupleId, anchor });
  }

  linkOf(attempt: number, coupleId = 'tc_test'): string {
    const chain = this.chains.get(coupleId);
    if (chain === undefined) throw new Error('no chain');
    return drawLink({ ...this.place, coupleId }, chain.secret, chain.attempts, attempt);
  }

  openRound(attempt: number, coupleId = 'tc_test'): Promise<OutputOf<'OpenRound'>> {
    const model = `model ${coupleId} ${attempt}`;
    return this.submit('modeller', 'OpenRound', {
      coupleId,
      attempt,
      modelDigest: hashOf(model),
      modelHandle: handle(model),
    });
  }

  startRound(attempt: number, coupleId = 'tc_test'): Promise<OutputOf<'StartRound'>> {
    return this.submit('owner', 'StartRound', { coupleId, attempt, link: this.linkOf(attempt, coupleId) });
  }

  /** Opens and starts an attempt. */
  async start(attempt: number, coupleId = 'tc_test'): Promise<OutputOf<'StartRound'>> {
    await this.openRound(attempt, coupleId);
    return this.startRound(attempt, coupleId);
  }

  updateDigest(attempt: number, index: number): string {
    return hashOf(`update ${attempt} ${index}`);
  }

  updateInput(host: string, instanceId: string, attempt: number, digest: string, coupleId = 'tc_test') {
    const nonce = nonceOf(`${instanceId} ${attempt} ${host}`);
    const facts = { ...this.place, coupleId, attempt, instanceId, participantId: this.id(host), nonce };
    return { coupleId, attempt, instanceId, nonce, commitment: updateCommitment(facts, digest), sealed };
  }

  /** Commits the update of the slot's host (host i holds slot i), the right one unless a digest is given. */
  commitUpdate(attempt: number, instanceId: string, digest?: string): Promise<TrainJob> {
    const { subsetIndex, slot } = parseInstanceId(instanceId);
    const host = `host${slot}`;
    const update = digest ?? this.updateDigest(attempt, subsetIndex);
    return this.submit(host, 'SubmitUpdate', this.updateInput(host, instanceId, attempt, update));
  }

  /** All hosts of all drawn subsets commit the right update. */
  async commitAll(attempt: number): Promise<number[]> {
    const round = await this.query('GetRound', { coupleId: 'tc_test', attempt });
    for (const subset of round.drawn) {
      for (const { instanceId } of subset.slots) await this.commitUpdate(attempt, instanceId);
    }
    return round.drawn.map((subset) => subset.subsetIndex);
  }

  close(attempt: number, subsetIndex: number, claim = this.updateDigest(attempt, subsetIndex)) {
    return this.submit('modeller', 'CloseRound', {
      coupleId: 'tc_test',
      attempt,
      results: [{ subsetIndex, claim }],
    });
  }

  /** A whole honest round. */
  async playRound(attempt: number): Promise<void> {
    await this.start(attempt);
    for (const index of await this.commitAll(attempt)) await this.close(attempt, index);
  }
}
