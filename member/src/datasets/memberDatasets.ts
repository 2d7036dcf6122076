import { type Aggregation, type DatasetView, isVeritrainError, type Protection } from '@veritrain/client-sdk';
import { aggregationSchema, datasetIdSchema, protectionSchema } from '@veritrain/client-sdk/schemas';
import type { CsvOptions, RecipeChoices } from '@veritrain/training';
import { z } from 'zod';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { checkArgument } from '../home/userInput.js';
import type { Member } from '../profile/member.js';
import type { InviteFile } from './invite.js';
import { inviteHosts } from './inviteHosts.js';
import { planInvites } from './planInvites.js';
import { publishDataset } from './publishDataset.js';
import { notDropped } from './parquetInput.js';
import { splitDataset, type DatasetPrivacy } from './splitDataset.js';
import { openTable, type TableInput } from './tableInput.js';
import { verifyInstances, type VerifiedInstances } from './verifyInstances.js';

/** How `MemberDatasets.publish` splits a table, and under which terms it offers the dataset. */
export interface PublishTableOptions extends ActionContext {
  /** The column to predict. */
  readonly target: string;
  /** Number of parts, 2 to 1000. Default: 3. */
  readonly subsets?: number;
  /**
   * `sum`: of fixed batches of three or more parts, model owners learn the sum of the updates and no update by itself; needs three
   * parts and at most 7 hosts of each. Default: `perSubset`.
   */
  readonly aggregation?: Aggregation;
  /** Number of hosts of each part, 1 to 15. With fewer than 3, no host can be convicted of a lie. Default: 3. */
  readonly replicas?: number;
  /** Default: a new id. The same id and table make the same dataset, so an interrupted call can be repeated. */
  readonly id?: string;
  /** The table's format. Default: recognised. */
  readonly written?: CsvOptions;
  /** What becomes of columns of text and of missing values. Default: texts are categories, missing values are refused. */
  readonly recipe?: RecipeChoices;
  /**
   * Replaces the names of levels by codes, of all columns of texts (`true`) or of those named. What they stand for stays in this
   * member's home, as `codebook.json` of the dataset. The classes of the target stay texts. Default: none.
   */
  readonly codes?: boolean | readonly string[];
  /** Part of the rows that no host gets, 0.01 to 0.5, for figures on rows that nobody trained on. Default: none. */
  readonly testShare?: number;
  /** Rounds over the dataset's lifetime, over all trainings, 1 to 1,000,000. Default: 1000. */
  readonly lifetimeRounds?: number;
  /** Maximum rounds of one training, 1 to 10,000. Default: 100, or `lifetimeRounds` if that is less. */
  readonly mostRounds?: number;
  /** How models that train on it may be protected. Default: only encrypted. */
  readonly protections?: readonly Protection[];
  /** A host's time for its commitment, which sets all deadlines. Default: three times the market's minimum. */
  readonly paceMs?: number;
  /** The least rows of a part that may share a value, 1 to 1000; 1 accepts all. Default: 5. */
  readonly leastCell?: number;
  /** The least values of a part's rows for each sum over them that a model owner learns, 0 to 1000; 0 accepts all. Default: 3. */
  readonly valuesPerMoment?: number;
  /** Differential privacy: hosts get moments with noise in place of rows. Default: none. */
  readonly privacy?: DatasetPrivacy;
}

/** How `MemberDataset.invite` invites. */
export interface InviteOptions extends ActionContext {
  /** Validity of the invites, at most ten years. Default: seven days. */
  readonly validMs?: number;
  /**
   * Adds a presigned address of each package, valid for this time, for hosts without an account in the vault. Default: no
   * address.
   */
  readonly presignMs?: number;
}

const weekMs = 7 * 86_400_000;
const milliseconds = z
  .int()
  .min(1)
  .max(10 * 365 * 86_400_000);

/** The contract checks the market's bounds; these find a wrong argument before the split. */
const publishOptions = z.object({
  target: z.string().min(1),
  subsets: z.int().min(2).max(1000).default(3),
  aggregation: aggregationSchema.optional(),
  replicas: z.int().min(1).max(15).default(3),
  id: datasetIdSchema.optional(),
  written: z.custom<CsvOptions>().optional(),
  recipe: z.custom<RecipeChoices>().optional(),
  codes: z.union([z.boolean(), z.array(z.string().min(1)).min(1)]).optional(),
  testShare: z.number().min(0.01).max(0.5).optional(),
  lifetimeRounds: z.int().min(1).max(1_000_000).default(1000),
  mostRounds: z.int().min(1).max(10_000).optional(),
  protections: z.array(protectionSchema).min(1).default(['encrypted']),
  paceMs: milliseconds.optional(),
  leastCell: z.int().min(1).max(1000).optional(),
  valuesPerMoment: z.number().min(0).max(1000).optional(),
  privacy: z.custom<DatasetPrivacy>().optional(),
});
const inviteOptions = z.object({ validMs: milliseconds.default(weekMs), presignMs: milliseconds.optional() });

function checkOptions(
  options: PublishTableOptions,
): z.output<typeof publishOptions> & { mostRounds: number } {
  const checked = checkArgument(publishOptions, options);
  return { ...checked, mostRounds: checked.mostRounds ?? Math.min(100, checked.lifetimeRounds) };
}

/** A data owner's actions on tables. */
export class MemberDatasets {
  constructor(private readonly member: Member) {}

  /**
   * Splits a table and publishes it: its template for all members, its terms on the ledger. Rows stay with this member until
   * it invites hosts.
   *
   * @throws WRONG_ARGUMENT, FILE_MISSING; TrainingError for an unusable table, naming row and column; RARE_CELL, naming a
   * value that too few rows share; TOO_MANY_MOMENTS; PRIVACY_SPENT; refusals of RegisterDataset
   */
  async publish(table: TableInput, options: PublishTableOptions): Promise<MemberDataset> {
    const { target, subsets, aggregation, id, written, recipe, codes, testShare, privacy, ...terms } =
      checkOptions(options);
    const context = { signal: options.signal, progress: options.progress };
    const opened = await openTable(table, notDropped(recipe));
    const { datasetId } = await splitDataset(
      this.member,
      {
        ...opened,
        written: { ...written, ...opened.written },
        recipe,
        codes,
        ...(testShare !== undefined && { heldOut: { share: testShare } }),
        target,
        subsets,
        aggregation,
        leastCell: terms.leastCell,
        valuesPerMoment: terms.valuesPerMoment,
        privacy,
        datasetId: id,
      },
      context,
    );
    await publishDataset(this.member, { datasetId, ...terms }, context);
    return this.of(datasetId);
  }

  /** A dataset that this member published. */
  of(id: string): MemberDataset {
    return new MemberDataset(this.member, id);
  }
}

/** A dataset of this member. */
export class MemberDataset {
  constructor(
    private readonly member: Member,
    /** Its id, `ds_…`. */
    readonly id: string,
  ) {}

  /** The dataset on the ledger. Errors: NOT_FOUND. */
  view({ signal }: ActionContext = {}): Promise<DatasetView> {
    return this.member.market.datasets.get({ datasetId: this.id }, { signal });
  }

  /**
   * Invites hosts to all open slots, in turn: seals each package to its host, stores it in the vault, and makes one invite
   * for each host, which only that host can use. Any channel may carry the invites.
   *
   * @param hosts ids of participants, at least as many as there are replicas
   * @throws WRONG_ARGUMENT for too few hosts, or a participant without that role
   */
  async invite(hosts: readonly string[], options: InviteOptions = {}): Promise<InviteFile[]> {
    const { validMs, presignMs } = checkArgument(inviteOptions, options);
    const context = { signal: options.signal, progress: options.progress };
    const of = { datasetId: this.id };
    const assignments = await planInvites(this.member, { ...of, hosts: [...hosts] }, context);
    const expiresAt = Date.now() + validMs;
    return inviteHosts(this.member, { ...of, assignments, expiresAt, presignMs }, context);
  }

  /** Opens the commitments of the hosts that have joined. An agent does so automatically. */
  verify(context: ActionContext = {}): Promise<VerifiedInstances> {
    return verifyInstances(this.member, { datasetId: this.id }, context);
  }

  /**
   * Verifies hosts as they join, and returns once each part has enough of them to train on. Waits for others if a host holds
   * a wrong package.
   *
   * @throws NOT_READY if the dataset is withdrawn meanwhile
   */
  async ready(context: ActionContext = {}): Promise<void> {
    const { market } = this.member;
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, ...(context.signal ? [context.signal] : [])]);
    // Watch before the first verification, so that no host joins unseen in between.
    const changes = market.events.watch({
      fromBlock: await market.height({ signal }),
      types: awaited,
      signal,
    });
    try {
      if (await this.isReady(context)) return;
      for await (const change of changes) {
        if (change.datasetId !== this.id) continue;
        if (change.type === 'DatasetWithdrawn')
          throw memberError('VT9204', `${this.id} was withdrawn.`, { facts: { datasetId: this.id } });
        if (await this.isReady(context)) return;
      }
    } finally {
      ended.abort();
    }
  }

  private async isReady(context: ActionContext): Promise<boolean> {
    try {
      return (await this.verify(context)).ready;
    } catch (error) {
      if (isVeritrainError(error, 'NO_QUORUM_FOR_DIGEST')) return false;
      throw error;
    }
  }
}

const awaited = ['InstanceJoined', 'InstanceVerified', 'JoinExpired', 'DatasetWithdrawn'] as const;
