import { type DatasetView, isVeritrainError, type Protection } from '@veritrain/client-sdk';
import { datasetIdSchema, protectionSchema } from '@veritrain/client-sdk/schemas';
import type { CsvOptions } from '@veritrain/training';
import { z } from 'zod';
import { checkArgument } from '../calls/checkArgument.js';
import type { ActionContext } from '../calls/context.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { inviteHosts } from './inviteHosts.js';
import type { InviteFile } from './invite.js';
import { planInvites } from './planInvites.js';
import { publishDataset } from './publishDataset.js';
import { splitDataset } from './splitDataset.js';
import { openTable, type TableInput } from './tableInput.js';
import { verifyInstances, type VerifiedInstances } from './verifyInstances.js';

export interface PublishTableOptions extends ActionContext {
  /** The column to predict. */
  readonly target: string;
  /** Parts of the table, 2 to 1000. Default: 3. */
  readonly subsets?: number;
  /** Hosts of each part, 1 to 15; below 3 nobody can be convicted of a lie. Default: 3. */
  readonly replicas?: number;
  /** Default: a fresh one. The same id and table make the same dataset, so a call that was interrupted can be repeated. */
  readonly id?: string;
  /** How the table is written, where that is not to be recognised. */
  readonly written?: CsvOptions;
  /** Rounds that it gives in all its life. Default: 1000. */
  readonly lifetimeRounds?: number;
  /** Rounds that one training may ask for. Default: 100. */
  readonly mostRounds?: number;
  /** Default: encrypted alone. */
  readonly protections?: readonly Protection[];
  /** A host's time for its commitment, in milliseconds; all deadlines follow. Default: three times the market's least. */
  readonly paceMs?: number;
  /** Least rows of a part that may share a value, 1 to 1000; 1 refuses nothing. Default: 5. */
  readonly leastCell?: number;
}

export interface InviteOptions extends ActionContext {
  /** How long the invites hold, in milliseconds. Default: seven days. */
  readonly validMs?: number;
  /** Lends each package for so long, milliseconds, to hosts without an account in the vault. */
  readonly lendMs?: number;
}

const weekMs = 7 * 86_400_000;
const milliseconds = z
  .int()
  .min(1)
  .max(10 * 365 * 86_400_000);

/** The market's own bounds are checked by the contract; these keep a wrong argument from costing a split. */
const publishOptions = z.object({
  target: z.string().min(1),
  subsets: z.int().min(2).max(1000).default(3),
  replicas: z.int().min(1).max(15).default(3),
  id: datasetIdSchema.optional(),
  written: z.custom<CsvOptions>().optional(),
  lifetimeRounds: z.int().min(1).max(1_000_000).default(1000),
  mostRounds: z.int().min(1).max(10_000).optional(),
  protections: z.array(protectionSchema).min(1).default(['encrypted']),
  paceMs: milliseconds.optional(),
  leastCell: z.int().min(1).max(1000).optional(),
});
const inviteOptions = z.object({ validMs: milliseconds.default(weekMs), lendMs: milliseconds.optional() });

function checkOptions(
  options: PublishTableOptions,
): z.output<typeof publishOptions> & { mostRounds: number } {
  const checked = checkArgument(publishOptions, options);
  return { ...checked, mostRounds: checked.mostRounds ?? Math.min(100, checked.lifetimeRounds) };
}

/** What a data owner does with its tables. */
export class MemberDatasets {
  constructor(private readonly member: Member) {}

  /**
   * Splits a table into parts and offers it: its template to all members, its terms on the ledger. Rows stay with this
   * member until it invites hosts.
   *
   * @throws WRONG_ARGUMENT, FILE_MISSING; TrainingError for a table that does not do, naming row and column, or RARE_CELL,
   * naming what too few rows share; what RegisterDataset refuses
   */
  async publish(table: TableInput, options: PublishTableOptions): Promise<MemberDataset> {
    const { target, subsets, id, written, ...terms } = checkOptions(options);
    const context = { signal: options.signal, progress: options.progress };
    const { datasetId } = await splitDataset(
      this.member,
      { written, ...openTable(table), target, subsets, leastCell: terms.leastCell, datasetId: id },
      context,
    );
    await publishDataset(this.member, { datasetId, ...terms }, context);
    return this.of(datasetId);
  }

  /** One that this member published. */
  of(id: string): MemberDataset {
    return new MemberDataset(this.member, id);
  }
}

/** A dataset of this member. */
export class MemberDataset {
  constructor(
    private readonly member: Member,
    readonly id: string,
  ) {}

  /** As the ledger has it. Errors: NOT_FOUND. */
  view({ signal }: ActionContext = {}): Promise<DatasetView> {
    return this.member.market.datasets.get({ datasetId: this.id }, { signal });
  }

  /**
   * Invites hosts to all open slots, in turn: seals each package to its host, puts it into the vault, and makes one invite
   * for each host, which that one alone can use. Hand them over in any way.
   *
   * @param hosts ids of participants, at least as many as there are replicas
   * @throws WRONG_ARGUMENT for too few hosts, or one that is none
   */
  async invite(hosts: readonly string[], options: InviteOptions = {}): Promise<InviteFile[]> {
    const { validMs, lendMs } = checkArgument(inviteOptions, options);
    const context = { signal: options.signal, progress: options.progress };
    const of = { datasetId: this.id };
    const assignments = await planInvites(this.member, { ...of, hosts: [...hosts] }, context);
    const expiresAt = Date.now() + validMs;
    return inviteHosts(this.member, { ...of, assignments, expiresAt, lendMs }, context);
  }

  /** Opens the commitments of the hosts that have joined. An agent does so by itself. */
  verify(context: ActionContext = {}): Promise<VerifiedInstances> {
    return verifyInstances(this.member, { datasetId: this.id }, context);
  }

  /**
   * Verifies hosts as they join, and returns once every part has enough of them to train on. Hosts that hold something else
   * than the data owner gave are waited past: others may join.
   *
   * @throws NOT_READY where it is withdrawn meanwhile
   */
  async ready(context: ActionContext = {}): Promise<void> {
    const { market } = this.member;
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, ...(context.signal ? [context.signal] : [])]);
    // Before the first look, so that no host joins unseen between the two.
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
