import type { CommittedChange, CoupleView, RejectReason, TrainCouple } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import { defineProgram, type TrainingProgram } from '@veritrain/training';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { MemberModels, type TrainingResult } from '../models/memberModels.js';
import { modelIdOf, registerModel } from '../models/modelProgram.js';
import type { Member } from '../profile/member.js';
import { approveCouple, cancelCouple, rejectCouple, type ApproveCoupleInput } from './answerCouple.js';
import {
  type CouplePlan,
  planCouple,
  type PlanCoupleInput,
  type PlannedCouple,
  requestCouple,
} from './planCouple.js';

/** What a model owner asks for in a request for training. */
export interface TrainingTerms {
  /** A dataset's id. */
  readonly dataset: string;
  /**
   * A registered model's id, or a program (`defineProgram`), which is registered. Default: the default program of a linear
   * model.
   */
  readonly model?: string | TrainingProgram;
  /** Rounds of training. Default: 20. */
  readonly rounds?: number;
  /** Attempts beyond the rounds. Default: a quarter of the rounds. */
  readonly spareAttempts?: number;
  /** Subsets that each round draws. Default: half of them, within the dataset's rules. */
  readonly subsetsPerRound?: number;
  /**
   * The idle time after which any member may cancel the training. Default: the data owner's time to answer, within the
   * dataset's rules.
   */
  readonly idleMs?: number;
  /** Default: a new id. Give one if the request must survive a crash of the caller. */
  readonly id?: string;
}

/** A model owner's and a data owner's actions on trainings. */
export class MemberCouples {
  constructor(private readonly member: Member) {}

  /**
   * Estimates jobs, traffic, computing, precision and deadlines of a training. Writes nothing. It measures the computing on this machine,
   * which takes some tenths of a second, up to five seconds for a wide model. Errors: NOT_FOUND, OBJECT_MISSING.
   */
  async quote({ signal, progress, ...terms }: TrainingTerms & ActionContext): Promise<CouplePlan> {
    const model = { ...this.modelOf(terms), measure: true };
    return (await this.plan(terms, model, { signal, progress })).plan;
  }

  /**
   * Requests a training from a dataset's owner.
   * Errors: NOT_FOUND, OBJECT_MISSING, MISSING_ROLE, and refusals of RequestTraining.
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

  /** A training that this member requested, or that was requested from it. */
  of(id: string): MemberCouple {
    return new MemberCouple(this.member, id);
  }

  private plan(
    { dataset, rounds = 20, id, spareAttempts, subsetsPerRound, idleMs }: TrainingTerms,
    model: ModelToTrain & Pick<PlanCoupleInput, 'measure'>,
    context: ActionContext,
  ): Promise<PlannedCouple> {
    const size = { rounds, spareAttempts, subsetsPerRound, idleMs };
    return planCouple(this.member, { ...size, ...model, datasetId: dataset, coupleId: id }, context);
  }

  private modelOf({ model: program = defineProgram() }: TrainingTerms): ModelToTrain {
    if (typeof program === 'string') return { modelId: program };
    return { modelId: modelIdOf(this.member, program), program };
  }
}

interface ModelToTrain {
  readonly modelId: string;
  /** Set if the model still has to be registered. */
  readonly program?: TrainingProgram;
}

/** A training. */
export class MemberCouple {
  constructor(
    private readonly member: Member,
    /** The couple's id, `tc_…`. */
    readonly id: string,
    /** The block of its request, if known. */
    private readonly fromBlock = 0n,
  ) {}

  /** The couple, its newest attempt, and who has to act until when. Errors: NOT_FOUND. */
  view({ signal }: ActionContext = {}): Promise<CoupleView> {
    return this.member.market.couples.view({ coupleId: this.id }, { signal });
  }

  /**
   * Approves the request as the data owner, after comparing its program with the terms and with what the dataset may show. An agent
   * can do so automatically.
   * @throws TrainingError RARE_PAIR where the model owner could read rows that two columns single out, unless `acceptRareRows` is set
   */
  async approve({
    acceptRareRows,
    ...context
  }: ActionContext & Pick<ApproveCoupleInput, 'acceptRareRows'> = {}): Promise<TrainCouple> {
    return (await approveCouple(this.member, { coupleId: this.id, acceptRareRows }, context)).couple;
  }

  /** Rejects the request as the data owner. */
  async reject(reason: RejectReason, context: ActionContext = {}): Promise<TrainCouple> {
    return (await rejectCouple(this.member, { coupleId: this.id, reason }, context)).couple;
  }

  /** Cancels a couple that was not answered in time or is idle for too long. Any member may. */
  async cancel(context: ActionContext = {}): Promise<TrainCouple> {
    return (await cancelCouple(this.member, { coupleId: this.id }, context)).couple;
  }

  /** The couple's changes, from its request to its end. Errors: NOT_FOUND, and those of `events.watch`. */
  async *watch({ signal }: ActionContext = {}): AsyncGenerator<CommittedChange, void, undefined> {
    const { couples } = this.member.market;
    // The watch of a couple that does not exist would never end.
    await couples.get({ coupleId: this.id }, { signal });
    yield* couples.watch(this.id, { signal, fromBlock: this.fromBlock });
  }

  /**
   * Waits for the end of the couple and returns its model, as the model owner.
   * @throws NOT_FOUND, NOT_OURS; NOT_READY if it ended without a model; LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
   */
  async result(context: ActionContext = {}): Promise<TrainingResult> {
    const { market } = this.member;
    const couple = await market.couples.get({ coupleId: this.id }, { signal: context.signal });
    if (couple.modelOwnerId !== participantIdOf(market.keyring))
      throw memberError('VT9202', `The model of ${this.id} belongs to ${couple.modelOwnerId}.`, {
        facts: { coupleId: this.id, modelOwnerId: couple.modelOwnerId },
      });
    if (couple.endedAt === null)
      for await (const { type } of this.watch(context)) context.progress?.(`${this.id}: ${type}`);
    return new MemberModels(this.member).result(this.id, context);
  }
}
