import {
  drawAnchor,
  drawLink,
  instanceIdOf,
  packageCommitment,
  parseInstanceId,
  subsetsPerVerification,
  updateCommitment,
  type Aggregation,
  type CloudInstance,
  type DrawSide,
  type InputOf,
  type MarketSettings,
  type OutputOf,
  type TrainJob,
} from '../domain/index.js';
import { MemoryLedger } from './memoryLedger.js';
import { TestMembers } from './members.js';

import {
  deadlines,
  handle,
  hashOf,
  nonceOf,
  sealed,
  settings,
  type CoupleShape,
  type Shape,
} from './fixtures.js';

const secretOf = (side: DrawSide, coupleId: string): string => hashOf(`${side}'s chain of ${coupleId}`);

/** A market with a data owner, a model owner and a host for each slot of its dataset, driven step by step. */
export class TestMarket extends TestMembers {
  readonly datasetId = 'ds_test';
  readonly modelId = 'md_test';
  /** Lengths of draw chains, by side and couple. */
  readonly chains = new Map<string, number>();

  private constructor(
    ledger: MemoryLedger,
    readonly subsets: number,
    readonly replicas: number,
    readonly aggregation: Aggregation,
  ) {
    super(ledger);
  }

  /** A configured market with registered members and no offers. */
  static async open(shape: Shape = {}): Promise<TestMarket> {
    const { subsets = 2, replicas = 3, aggregation = 'perSubset' } = shape;
    const market = new TestMarket(new MemoryLedger(), subsets, replicas, aggregation);
    await market.configure({ ...settings, ...shape.settings });
    await market.tick();
    await market.register('owner', 'dataOwner');
    await market.register('modeller', 'modelOwner');
    for (let host = 0; host < market.replicas; host += 1) await market.register(`host${host}`, 'cloudOwner');
    return market;
  }

  /** Confirms with an administrator of each voting organisation: admin, admin2, … */
  async configure(wanted: MarketSettings): Promise<void> {
    for (const [at, mspId] of wanted.votingOrganizations.entries()) {
      const name = at === 0 ? 'admin' : `admin${at + 1}`;
      await this.member(name, { unit: 'admin', mspId });
      await this.submit(name, 'ConfigureMarket', wanted);
    }
  }

  /**
   * A market with an offered dataset, joined and verified slots and a registered model. Host i holds slot i of each
   * subset.
   */
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

  offerInput(over: Partial<InputOf<'RegisterDataset'>> = {}): InputOf<'RegisterDataset'> {
    return {
      datasetId: this.datasetId,
      templateDigest: hashOf('template'),
      subsets: this.subsets,
      replicas: this.replicas,
      lifetimeRounds: 100,
      aggregation: this.aggregation,
      requestRules: {
        mostRounds: 100,
        mostSubsetsPerRound: 40,
        mostIdleMs: 60_000,
        protections: ['encrypted', 'plain'],
      },
      deadlines,
      ...over,
    };
  }

  offer(over: Partial<InputOf<'RegisterDataset'>> = {}): Promise<OutputOf<'RegisterDataset'>> {
    return this.submit('owner', 'RegisterDataset', this.offerInput(over));
  }

  packageDigest(index: number): string {
    return hashOf(`package ${index}`);
  }

  /** A host's input to join, with a token for its slot. */
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
    const size = subsetsPerVerification(this.replicas);
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
      anchor: this.anchor('modelOwner', coupleId, rounds + spareAttempts),
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
    const anchor = this.anchor('dataOwner', coupleId, terms.rounds + terms.spareAttempts);
    return this.submit('owner', 'ApproveTraining', { coupleId, anchor });
  }

  /** The anchor of a side's chain. The market remembers the chain's length. */
  anchor(side: DrawSide, coupleId: string, attempts: number): string {
    this.chains.set(`${side} ${coupleId}`, attempts);
    return drawAnchor({ ...this.place, coupleId, side }, secretOf(side, coupleId), attempts);
  }

  linkOf(side: DrawSide, attempt: number, coupleId = 'tc_test'): string {
    const attempts = this.chains.get(`${side} ${coupleId}`);
    if (attempts === undefined) throw new Error('no chain');
    return drawLink({ ...this.place, coupleId, side }, secretOf(side, coupleId), attempts, attempt);
  }

  openRound(attempt: number, coupleId = 'tc_test'): Promise<OutputOf<'OpenRound'>> {
    const model = `model ${coupleId} ${attempt}`;
    return this.submit('modeller', 'OpenRound', {
      coupleId,
      attempt,
      modelDigest: hashOf(model),
      modelHandle: handle(model),
      link: this.linkOf('modelOwner', attempt, coupleId),
    });
  }

  startRound(attempt: number, coupleId = 'tc_test'): Promise<OutputOf<'StartRound'>> {
    return this.submit('owner', 'StartRound', {
      coupleId,
      attempt,
      link: this.linkOf('dataOwner', attempt, coupleId),
    });
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

  /** Commits the update of the slot's host (host i holds slot i): the right one unless a digest is given. */
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
