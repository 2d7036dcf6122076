import type { CommittedChange, CoupleView, RejectReason, TrainCouple } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import { defineProgram, encodeProgram, type TrainingProgram } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import { ownIdFor } from '../calls/newOwnId.js';
import { memberError } from '../errors/memberError.js';
import { MemberModels, type TrainingResult } from '../models/memberModels.js';
import { registerModel } from '../models/registerModel.js';
import type { Member } from '../profile/member.js';
import { approveCouple, cancelCouple, rejectCouple } from './answerCouple.js';
import { planCouple, type CouplePlan, type PlannedCouple } from './planCouple.js';
import { requestCouple } from './requestCouple.js';

export interface TrainingTerms {
  /** A dataset's id. */
  readonly dataset: string;
  /** A registered model's id. Default: a linear model under the usual program is registered. */
  readonly model?: string;
  /** Rounds of training. Default: 20. */
  readonly rounds?: number;
  /** Attempts beyond the rounds. Default: a quarter of the rounds. */
  readonly spareAttempts?: number;
  /** Parts that each round draws. Default: half of them. */
  readonly subsetsPerRound?: number;
  /** How long it may rest before anyone may cancel it, in milliseconds. */
  readonly idleMs?: number;
  /** Default: a fresh one. Give it where the request must survive a crash of the caller. */
  readonly id?: string;
}

/** What a model owner and a data owner do with trainings. */
export class MemberCouples {
  constructor(private readonly member: Member) {}

  /** What a training would come to: jobs, traffic, precision, deadlines. Writes nothing. Errors: NOT_FOUND, OBJECT_MISSING. */
  async quote({ signal, progress, ...terms }: TrainingTerms & ActionContext): Promise<CouplePlan> {
    return (await this.plan(terms, this.modelOf(terms), { signal, progress })).plan;
  }

  /**
   * Asks a dataset's owner for a training.
   * Errors: NOT_FOUND, OBJECT_MISSING, MISSING_ROLE, and what RequestTraining refuses.
   */
  async request({ signal, progress, ...terms }: TrainingTerms & ActionContext): Promise<MemberCouple> {
    const context = { signal, progress };
    const model = this.modelOf(terms);
    if (model.program !== undefined)
      await registerModel(this.member, { program: model.program, modelId: model.modelId }, context);
    const planned = await this.plan(terms, model, context);
    const { couple, writes } = await requestCouple(this.member, planned, context);
    return new MemberCouple(this.member, couple.coupleId, BigInt(writes[0]?.blockNumber ?? 0));
  }

  /** A training that this member asked for, or is asked for. */
  of(id: string): MemberCouple {
    return new MemberCouple(this.member, id);
  }

  private plan(
    { dataset, rounds = 20, id, spareAttempts, subsetsPerRound, idleMs }: TrainingTerms,
    model: ModelToTrain,
    context: ActionContext,
  ): Promise<PlannedCouple> {
    const size = { rounds, spareAttempts, subsetsPerRound, idleMs };
    return planCouple(this.member, { ...size, ...model, datasetId: dataset, coupleId: id }, context);
  }

  /** Under the usual program it has the same id for every training, so that a repeated request registers nothing new. */
  private modelOf({ model }: TrainingTerms): ModelToTrain {
    if (model !== undefined) return { modelId: model };
    const program = defineProgram();
    return { modelId: ownIdFor('md', encodeProgram(program), this.member.market), program };
  }
}

interface ModelToTrain {
  readonly modelId: string;
  /** Where it is not registered by its owner beforehand. */
  readonly program?: TrainingProgram;
}

/** A training. */
export class MemberCouple {
  constructor(
    private readonly member: Member,
    readonly id: string,
    /** The block of its request, where that is known. */
    private readonly fromBlock = 0n,
  ) {}

  /** The couple, its newest attempt, whom it waits for, until when. Errors: NOT_FOUND. */
  view({ signal }: ActionContext = {}): Promise<CoupleView> {
    return this.member.market.couples.view({ coupleId: this.id }, { signal });
  }

  /** Approves it, as the data owner, once its program was read and is what the terms say. An agent may do so by itself. */
  async approve(context: ActionContext = {}): Promise<TrainCouple> {
    return (await approveCouple(this.member, { coupleId: this.id }, context)).couple;
  }

  /** Refuses it, as the data owner. */
  async reject(reason: RejectReason, context: ActionContext = {}): Promise<TrainCouple> {
    return (await rejectCouple(this.member, { coupleId: this.id, reason }, context)).couple;
  }

  /** Ends one that was not answered in time, or that rests too long. Anyone may. */
  async cancel(context: ActionContext = {}): Promise<TrainCouple> {
    return (await cancelCouple(this.member, { coupleId: this.id }, context)).couple;
  }

  /** Its changes from the request on; ends with the one that ends it. Errors: NOT_FOUND; those of `events.watch`. */
  async *watch({ signal }: ActionContext = {}): AsyncGenerator<CommittedChange, void, undefined> {
    const { couples } = this.member.market;
    // Nothing would ever end the watch of a couple that is not there.
    await couples.get({ coupleId: this.id }, { signal });
    yield* couples.watch(this.id, { signal, fromBlock: this.fromBlock });
  }

  /**
   * Waits until it has ended, and gives its model, as the model owner.
   * @throws NOT_FOUND, NOT_OURS; NOT_READY where it ended without a model; LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
   */
  async result(context: ActionContext = {}): Promise<TrainingResult> {
    const { market } = this.member;
    const couple = await market.couples.get({ coupleId: this.id }, { signal: context.signal });
    if (couple.modelOwnerId !== participantIdOf(market.keyring))
      throw memberError('VT9202', `The model of ${this.id} is ${couple.modelOwnerId}’s.`, {
        facts: { coupleId: this.id, modelOwnerId: couple.modelOwnerId },
      });
    if (couple.endedAt === null)
      for await (const { type } of this.watch(context)) context.progress?.(`${this.id}: ${type}`);
    return new MemberModels(this.member).result(this.id, context);
  }
}
