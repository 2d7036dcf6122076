// Written by `npm run docs -w @veritrain/client-sdk` from the contract’s table of transactions. Do not edit.
/* eslint-disable max-lines -- as long as the table */

import type {
  Clock,
  CloudInstance,
  ConductRecord,
  ConfigProposal,
  CoupleView,
  Dataset,
  DatasetView,
  HistoryStep,
  InputOf,
  JobView,
  MarketConfig,
  MarketOpening,
  Model,
  OutputOf,
  Participant,
  ProposalView,
  Reveal,
  Round,
  RoundView,
  SubsetView,
  TrainCouple,
  TrainJob,
  TrainedModel,
  Waiting,
  WhoAmI,
} from '@veritrain/chaincode/domain';
import type { CallOptions, Committed } from './calls.js';
import type { Page } from './pages.js';

/** The transactions and queries of `market.config`. */
export interface ConfigMethods {
  /**
   * Confirms a configuration: voting organisations, tick period, window, minimum and maximum deadline, minimum
   * replicas. It holds once an administrator of every organisation that it names has confirmed the same. Until then
   * each may confirm another instead. From then on the channel and the chaincode’s name, which are part of every
   * hash, are pinned, and ProposeConfig makes changes. One exception: a larger group of organisations may replace a
   * development market (fewer than three organisations) in the same way.
   * Who: an administrator of each voting organisation.
   * Errors: NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, NO_ROOM_FOR_A_ROUND, CONFLICT.
   */
  readonly configure: (
    input: InputOf<'ConfigureMarket'>,
    options?: CallOptions,
  ) => Promise<Committed<MarketOpening>>;
  /**
   * Proposes other settings. A proposal without a majority lapses at its deadline; nothing waits for it.
   * Who: an administrator of a voting organisation.
   * Errors: ID_OF_ANOTHER, NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG,
   * NO_ROOM_FOR_A_ROUND, CONFLICT.
   */
  readonly propose: (
    input: InputOf<'ProposeConfig'>,
    options?: CallOptions,
  ) => Promise<Committed<ConfigProposal>>;
  /**
   * Votes on a proposal. Adoption needs a majority of the voting organisations and each organisation that the
   * proposal adds. Running couples keep their terms. A proposal that can no longer win is refused.
   * Who: an administrator of a voting organisation or of one that the proposal adds; one vote each.
   * Errors: NOT_ADMINISTRATOR, NOT_FOUND, PROPOSAL_STALE, DEADLINE_PASSED, WRONG_STATE, CONFLICT.
   */
  readonly vote: (input: InputOf<'VoteConfig'>, options?: CallOptions) => Promise<Committed<ProposalView>>;
  /** The market’s configuration. */
  readonly get: (input?: InputOf<'GetConfig'>, options?: CallOptions) => Promise<MarketConfig>;
  /** Confirmations of configurations that do not hold yet, one row for each organisation. */
  readonly listConfirmations: (
    input?: InputOf<'ListConfirmations'>,
    options?: CallOptions,
  ) => Promise<OutputOf<'ListConfirmations'>>;
  /** A configuration proposal with its votes. Errors: NOT_FOUND. */
  readonly getProposal: (input: InputOf<'GetProposal'>, options?: CallOptions) => Promise<ProposalView>;
}

/** The transactions and queries of `market.clock`. */
export interface ClockMethods {
  /**
   * Sets the clock to the transaction’s timestamp, at least a period after the last tick, and writes a row.
   * Endorsers refuse a timestamp that differs from their own clocks by more than the window.
   * Who: anyone.
   * Errors: TICK_TOO_EARLY, TICK_OUT_OF_WINDOW.
   */
  readonly tick: (input?: InputOf<'Tick'>, options?: CallOptions) => Promise<Committed<Clock>>;
  /** The market’s clock: 0 and 0 before the first tick. */
  readonly get: (input?: InputOf<'GetClock'>, options?: CallOptions) => Promise<Clock>;
}

/** The transactions and queries of `market.participants`. */
export interface ParticipantsMethods {
  /**
   * Binds public keys and roles to the caller’s identity, under the id that the keys hash to.
   * Who: any identity of the channel, once; if the market requires it, with roles from its certificate.
   * Errors: ID_NOT_OF_KEYS, IDENTITY_TAKEN, ROLE_NOT_CERTIFIED, CONFLICT.
   */
  readonly register: (
    input: InputOf<'RegisterParticipant'>,
    options?: CallOptions,
  ) => Promise<Committed<Participant>>;
  /** The calling identity as the ledger knows it, with its participant if it has one. */
  readonly whoAmI: (input?: InputOf<'WhoAmI'>, options?: CallOptions) => Promise<WhoAmI>;
  /** A participant by id. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetParticipant'>, options?: CallOptions) => Promise<Participant>;
  /** Participants, all or those with one role. */
  readonly list: (input?: InputOf<'ListParticipants'>, options?: CallOptions) => Promise<Page<Participant>>;
  /** The conduct records of a participant, all or those of one couple. Errors: NOT_FOUND. */
  readonly listConduct: (
    input: InputOf<'ListConduct'>,
    options?: CallOptions,
  ) => Promise<Page<ConductRecord>>;
}

/** The transactions and queries of `market.datasets`. */
export interface DatasetsMethods {
  /**
   * Offers a dataset: template, subsets × replicas, lifetime rounds, sums only or not, rules for requests and
   * deadlines. The ledger gets no rows.
   * Who: a data owner.
   * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, TOO_FEW_REPLICAS, UNFIT_FOR_SUMS,
   * DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG, CONFLICT.
   */
  readonly register: (
    input: InputOf<'RegisterDataset'>,
    options?: CallOptions,
  ) => Promise<Committed<Dataset>>;
  /**
   * Takes the dataset off the market: no new hosts, requests or approvals; approved couples continue.
   * ListTrainedModels lists the models trained on it.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER.
   */
  readonly withdraw: (
    input: InputOf<'WithdrawDataset'>,
    options?: CallOptions,
  ) => Promise<Committed<Dataset>>;
  /** A dataset by id, with its ready subsets and its number of reserved lifetime rounds. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetDataset'>, options?: CallOptions) => Promise<DatasetView>;
  /** Datasets, by owner or state. */
  readonly list: (input?: InputOf<'ListDatasets'>, options?: CallOptions) => Promise<Page<Dataset>>;
  /** A subset with all its slots. Errors: NOT_FOUND, OUT_OF_RANGE. */
  readonly getSubset: (input: InputOf<'GetSubset'>, options?: CallOptions) => Promise<SubsetView>;
  /** The models trained on a dataset, by couple. Errors: NOT_FOUND. */
  readonly listTrainedModels: (
    input: InputOf<'ListTrainedModels'>,
    options?: CallOptions,
  ) => Promise<Page<TrainedModel>>;
}

/** The transactions and queries of `market.instances`. */
export interface InstancesMethods {
  /**
   * Takes an open slot with the data owner’s token and commits to the package’s digest.
   * Who: the host that the join token names.
   * Errors: NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, DATASET_WITHDRAWN, OUT_OF_RANGE,
   * WRONG_GENERATION, SLOT_TAKEN, SUBSET_HELD, COMPANY_TAG_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CONFLICT.
   */
  readonly join: (input: InputOf<'JoinInstance'>, options?: CallOptions) => Promise<Committed<CloudInstance>>;
  /**
   * Gives one package digest per subset; the contract opens every joined slot’s commitment. The first digest that a
   * quorum opens is pinned. A slot whose commitment does not open is mismatched, and nobody is blamed.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, OUT_OF_RANGE, TOO_MANY_AT_ONCE, NO_QUORUM_FOR_DIGEST,
   * PACKAGE_DIGEST_PINNED.
   */
  readonly verify: (
    input: InputOf<'VerifyInstances'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'VerifyInstances'>>>;
  /**
   * Frees a joined slot that the data owner did not verify in time. It opens again under the next generation.
   * Who: anyone, after the slot’s verify deadline.
   * Errors: NOT_FOUND, OUT_OF_RANGE, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly expireJoin: (
    input: InputOf<'ExpireJoin'>,
    options?: CallOptions,
  ) => Promise<Committed<CloudInstance>>;
  /**
   * Releases a host from its slot. The first call for a verified slot starts a notice. Rounds that start before the
   * notice ends still name the slot, and a second call after it frees the slot. Any other slot is free at once.
   * Who: the slot’s host; after the notice, anyone.
   * Errors: NOT_REGISTERED, NOT_FOUND, OUT_OF_RANGE, NOT_HOLDER, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly leave: (
    input: InputOf<'LeaveInstance'>,
    options?: CallOptions,
  ) => Promise<Committed<CloudInstance>>;
  /** A slot by id. A slot that nobody has joined is open, generation 1. Errors: NOT_FOUND, OUT_OF_RANGE. */
  readonly get: (input: InputOf<'GetInstance'>, options?: CallOptions) => Promise<CloudInstance>;
  /** Slots that a host has joined at some time, by dataset or host, all or those in one state. */
  readonly list: (input?: InputOf<'ListInstances'>, options?: CallOptions) => Promise<Page<CloudInstance>>;
  /**
   * The participants that a dataset’s slots wait for, the deadlines, and the transactions that anyone may call after
   * them.
   * Errors: NOT_FOUND.
   */
  readonly waitingForJoins: (
    input: InputOf<'WaitingForJoins'>,
    options?: CallOptions,
  ) => Promise<Page<Waiting>>;
}

/** The transactions and queries of `market.models`. */
export interface ModelsMethods {
  /**
   * Pins training program, architecture and protection.
   * Who: a model owner.
   * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, CONFLICT.
   */
  readonly register: (input: InputOf<'RegisterModel'>, options?: CallOptions) => Promise<Committed<Model>>;
  /** A model by id. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetModel'>, options?: CallOptions) => Promise<Model>;
  /** Models, all or those of one owner. */
  readonly list: (input?: InputOf<'ListModels'>, options?: CallOptions) => Promise<Page<Model>>;
}

/** The transactions and queries of `market.couples`. */
export interface CouplesMethods {
  /**
   * Asks to train a model on a dataset, with the terms, the anchor of the model owner’s draw chain and the digest of
   * a homomorphic public key. The model owner has used neither of the two before.
   * Who: the model’s owner.
   * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, NOT_OWNER,
   * DATASET_WITHDRAWN, NOT_READY, BEYOND_RULES, HE_KEY_REQUIRED, HE_KEY_USED, ANCHOR_USED, TOO_MANY_OPEN_REQUESTS,
   * DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG, CONFLICT.
   */
  readonly request: (
    input: InputOf<'RequestTraining'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Approves a request with the anchor of the data owner’s draw chain, which is as long as the attempts (rounds +
   * spare), and reserves the rounds from the dataset’s lifetime rounds.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, DATASET_WITHDRAWN, DEADLINE_PASSED, ANCHOR_USED,
   * LIFETIME_EXHAUSTED, CONFLICT.
   */
  readonly approve: (
    input: InputOf<'ApproveTraining'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Refuses a request with a reason code. terms, purpose, capacity, reputation and other are the owner’s choice; the
   * rest say why an approval cannot succeed.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, CONFLICT.
   */
  readonly reject: (
    input: InputOf<'RejectTraining'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Ends the couple with the final model’s digest and metrics. The contract refuses it while a round is unsettled.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, CONFLICT.
   */
  readonly finish: (
    input: InputOf<'FinishTraining'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Ends a couple whose request got no answer, or that has been idle for too long. The contract refuses it while a
   * round is unsettled.
   * Who: anyone, after the answer deadline or the idle deadline.
   * Errors: NOT_FOUND, WRONG_STATE, ROUND_UNSETTLED, DEADLINE_NOT_PASSED.
   */
  readonly cancel: (
    input: InputOf<'CancelTraining'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Returns the reserved rounds that were never started to the dataset.
   * Who: the dataset’s owner, after the couple’s end.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOTHING_RESERVED.
   */
  readonly releaseRounds: (
    input: InputOf<'ReleaseRounds'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /** A couple by id. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetCouple'>, options?: CallOptions) => Promise<TrainCouple>;
  /**
   * A couple and its newest attempt with jobs, settlements, reveals and deadlines; the participants that it waits
   * for, the deadline, and the transaction that anyone may call after it.
   * Errors: NOT_FOUND.
   */
  readonly view: (input: InputOf<'GetCoupleView'>, options?: CallOptions) => Promise<CoupleView>;
  /** Couples, by party (data owner or model owner), dataset, model or state. */
  readonly list: (input?: InputOf<'ListCouples'>, options?: CallOptions) => Promise<Page<TrainCouple>>;
}

/** The transactions and queries of `market.history`. */
export interface HistoryMethods {
  /**
   * A couple’s whole history in order. A page has `pageSize` attempts; bookmarks are attempt numbers.
   * Errors: NOT_FOUND.
   */
  readonly ofCouple: (
    input: InputOf<'GetCoupleHistory'>,
    options?: CallOptions,
  ) => Promise<Page<HistoryStep>>;
}

/** The transactions and queries of `market.rounds`. */
export interface RoundsMethods {
  /**
   * Opens the next attempt and its link of the model owner’s draw chain; pins the digest and vault handle of the
   * round’s model.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, WRONG_ATTEMPT, ROUNDS_EXHAUSTED,
   * WRONG_LINK, CONFLICT.
   */
  readonly open: (input: InputOf<'OpenRound'>, options?: CallOptions) => Promise<Committed<Round>>;
  /**
   * Opens this attempt’s link of the data owner’s draw chain. The contract draws the subsets, with `sum` whole
   * batches, from both links and names every slot and generation.
   * Who: the couple’s data owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, WRONG_STATE, DEADLINE_PASSED, WRONG_LINK, CONFLICT.
   */
  readonly start: (input: InputOf<'StartRound'>, options?: CallOptions) => Promise<Committed<Round>>;
  /**
   * Claims for each subset the digest of the received update, or “undelivered”. With fewer commitments than a quorum
   * the subset is void, whatever the claim; with `sum` so is its whole batch. A digest that a quorum opens settles
   * it. Any other claim is contested.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOT_DRAWN, NOT_CLOSABLE, UPLOADS_OPEN,
   * DEADLINE_PASSED, TOO_MANY_AT_ONCE, CONFLICT.
   */
  readonly close: (
    input: InputOf<'CloseRound'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'CloseRound'>>>;
  /**
   * Settles contested and unclosed subsets. Since nobody outside the hosts has attested a digest, a subset is void
   * with fewer commitments than a quorum, or in a batch with such a subset, and otherwise forfeited. An unclosed
   * subset adds a conduct record of the model owner.
   * Who: anyone, after the attest deadline.
   * Errors: NOT_FOUND, WRONG_STATE, NOT_DRAWN, DEADLINE_NOT_PASSED, TOO_MANY_AT_ONCE.
   */
  readonly tally: (
    input: InputOf<'TallyRound'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'TallyRound'>>>;
  /**
   * Ends an attempt that the data owner did not start, and records a late draw in its conduct. The couple loses only
   * the attempt’s link.
   * Who: anyone, after the start deadline.
   * Errors: NOT_FOUND, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly expire: (input: InputOf<'ExpireRound'>, options?: CallOptions) => Promise<Committed<Round>>;
  /** A round with its jobs, settlements, reveals, progress by subset and deadlines. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetRound'>, options?: CallOptions) => Promise<RoundView>;
  /** The rounds of a couple, by attempt. Errors: NOT_FOUND. */
  readonly list: (input: InputOf<'ListRounds'>, options?: CallOptions) => Promise<Page<Round>>;
}

/** The transactions and queries of `market.jobs`. */
export interface JobsMethods {
  /**
   * Commits to an update: nonce, commitment, and handle and key of the object sealed to the model owner. The host
   * uploads the object when the subset, and with `sum` every subset of its batch, has a quorum of commitments.
   * Who: the host that the round’s record names for the slot.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
   */
  readonly submitUpdate: (
    input: InputOf<'SubmitUpdate'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainJob>>;
  /**
   * Reports that the host could not get the round’s model. The host is excused; the report is final.
   * Who: the host that the round’s record names for the slot.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
   */
  readonly reportUnavailable: (
    input: InputOf<'ReportUnavailable'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainJob>>;
  /**
   * Names a digest, which must open the caller’s own commitment.
   * Who: a host that committed, in a contested or unclosed subset.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, NO_COMMITMENT, NOT_CONTESTED,
   * DEADLINE_PASSED, DIGEST_DOES_NOT_OPEN, CONFLICT.
   */
  readonly revealUpdate: (
    input: InputOf<'RevealUpdate'>,
    options?: CallOptions,
  ) => Promise<Committed<Reveal>>;
  /** A job by id, with its verdict. Errors: NOT_FOUND. */
  readonly get: (input: InputOf<'GetJob'>, options?: CallOptions) => Promise<JobView>;
  /** Jobs of a couple or a host, all or those of one attempt, with verdicts. */
  readonly list: (input?: InputOf<'ListJobs'>, options?: CallOptions) => Promise<Page<JobView>>;
}

/**
 * The methods of a market, by group. docs/transactions.md has their inputs, answers and examples. Every method may also
 * throw the errors that any transaction may give, and the SDK’s own, VT8nnn.
 */
export interface GroupMethods {
  /** Transactions and queries about config. */
  readonly config: ConfigMethods;
  /** Transactions and queries about clock. */
  readonly clock: ClockMethods;
  /** Transactions and queries about participants. */
  readonly participants: ParticipantsMethods;
  /** Transactions and queries about datasets. */
  readonly datasets: DatasetsMethods;
  /** Transactions and queries about instances. */
  readonly instances: InstancesMethods;
  /** Transactions and queries about models. */
  readonly models: ModelsMethods;
  /** Transactions and queries about couples. */
  readonly couples: CouplesMethods;
  /** Transactions and queries about history. */
  readonly history: HistoryMethods;
  /** Transactions and queries about rounds. */
  readonly rounds: RoundsMethods;
  /** Transactions and queries about jobs. */
  readonly jobs: JobsMethods;
}

/** The transactions and queries about one dataset. */
export interface DatasetRecordMethods {
  /**
   * Takes the dataset off the market: no new hosts, requests or approvals; approved couples continue.
   * ListTrainedModels lists the models trained on it.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER.
   */
  readonly withdraw: (options?: CallOptions) => Promise<Committed<Dataset>>;
  /** A dataset by id, with its ready subsets and its number of reserved lifetime rounds. Errors: NOT_FOUND. */
  readonly get: (options?: CallOptions) => Promise<DatasetView>;
  /** A subset with all its slots. Errors: NOT_FOUND, OUT_OF_RANGE. */
  readonly getSubset: (
    input: Omit<InputOf<'GetSubset'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<SubsetView>;
  /** The models trained on a dataset, by couple. Errors: NOT_FOUND. */
  readonly listTrainedModels: (
    input?: Omit<InputOf<'ListTrainedModels'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<Page<TrainedModel>>;
  /**
   * Gives one package digest per subset; the contract opens every joined slot’s commitment. The first digest that a
   * quorum opens is pinned. A slot whose commitment does not open is mismatched, and nobody is blamed.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, OUT_OF_RANGE, TOO_MANY_AT_ONCE, NO_QUORUM_FOR_DIGEST,
   * PACKAGE_DIGEST_PINNED.
   */
  readonly verify: (
    input: Omit<InputOf<'VerifyInstances'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'VerifyInstances'>>>;
  /** Slots that a host has joined at some time, by dataset or host, all or those in one state. */
  readonly instances: (
    input?: Omit<InputOf<'ListInstances'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<Page<CloudInstance>>;
  /**
   * The participants that a dataset’s slots wait for, the deadlines, and the transactions that anyone may call after
   * them.
   * Errors: NOT_FOUND.
   */
  readonly waitingForJoins: (
    input?: Omit<InputOf<'WaitingForJoins'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<Page<Waiting>>;
  /** Couples, by party (data owner or model owner), dataset, model or state. */
  readonly couples: (
    input?: Omit<InputOf<'ListCouples'>, 'datasetId'>,
    options?: CallOptions,
  ) => Promise<Page<TrainCouple>>;
}

/** The transactions and queries about one instance. */
export interface InstanceRecordMethods {
  /**
   * Takes an open slot with the data owner’s token and commits to the package’s digest.
   * Who: the host that the join token names.
   * Errors: NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, DATASET_WITHDRAWN, OUT_OF_RANGE,
   * WRONG_GENERATION, SLOT_TAKEN, SUBSET_HELD, COMPANY_TAG_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CONFLICT.
   */
  readonly join: (
    input: Omit<InputOf<'JoinInstance'>, 'instanceId'>,
    options?: CallOptions,
  ) => Promise<Committed<CloudInstance>>;
  /**
   * Frees a joined slot that the data owner did not verify in time. It opens again under the next generation.
   * Who: anyone, after the slot’s verify deadline.
   * Errors: NOT_FOUND, OUT_OF_RANGE, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly expireJoin: (
    input: Omit<InputOf<'ExpireJoin'>, 'instanceId'>,
    options?: CallOptions,
  ) => Promise<Committed<CloudInstance>>;
  /**
   * Releases a host from its slot. The first call for a verified slot starts a notice. Rounds that start before the
   * notice ends still name the slot, and a second call after it frees the slot. Any other slot is free at once.
   * Who: the slot’s host; after the notice, anyone.
   * Errors: NOT_REGISTERED, NOT_FOUND, OUT_OF_RANGE, NOT_HOLDER, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly leave: (
    input: Omit<InputOf<'LeaveInstance'>, 'instanceId'>,
    options?: CallOptions,
  ) => Promise<Committed<CloudInstance>>;
  /** A slot by id. A slot that nobody has joined is open, generation 1. Errors: NOT_FOUND, OUT_OF_RANGE. */
  readonly get: (options?: CallOptions) => Promise<CloudInstance>;
}

/** The transactions and queries about one couple. */
export interface CoupleRecordMethods {
  /**
   * Approves a request with the anchor of the data owner’s draw chain, which is as long as the attempts (rounds +
   * spare), and reserves the rounds from the dataset’s lifetime rounds.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, DATASET_WITHDRAWN, DEADLINE_PASSED, ANCHOR_USED,
   * LIFETIME_EXHAUSTED, CONFLICT.
   */
  readonly approve: (
    input: Omit<InputOf<'ApproveTraining'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Refuses a request with a reason code. terms, purpose, capacity, reputation and other are the owner’s choice; the
   * rest say why an approval cannot succeed.
   * Who: the dataset’s owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, CONFLICT.
   */
  readonly reject: (
    input: Omit<InputOf<'RejectTraining'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Ends the couple with the final model’s digest and metrics. The contract refuses it while a round is unsettled.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, CONFLICT.
   */
  readonly finish: (
    input: Omit<InputOf<'FinishTraining'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainCouple>>;
  /**
   * Ends a couple whose request got no answer, or that has been idle for too long. The contract refuses it while a
   * round is unsettled.
   * Who: anyone, after the answer deadline or the idle deadline.
   * Errors: NOT_FOUND, WRONG_STATE, ROUND_UNSETTLED, DEADLINE_NOT_PASSED.
   */
  readonly cancel: (options?: CallOptions) => Promise<Committed<TrainCouple>>;
  /**
   * Returns the reserved rounds that were never started to the dataset.
   * Who: the dataset’s owner, after the couple’s end.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOTHING_RESERVED.
   */
  readonly releaseRounds: (options?: CallOptions) => Promise<Committed<TrainCouple>>;
  /** A couple by id. Errors: NOT_FOUND. */
  readonly get: (options?: CallOptions) => Promise<TrainCouple>;
  /**
   * A couple and its newest attempt with jobs, settlements, reveals and deadlines; the participants that it waits
   * for, the deadline, and the transaction that anyone may call after it.
   * Errors: NOT_FOUND.
   */
  readonly view: (options?: CallOptions) => Promise<CoupleView>;
  /**
   * A couple’s whole history in order. A page has `pageSize` attempts; bookmarks are attempt numbers.
   * Errors: NOT_FOUND.
   */
  readonly history: (
    input?: Omit<InputOf<'GetCoupleHistory'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Page<HistoryStep>>;
  /** The rounds of a couple, by attempt. Errors: NOT_FOUND. */
  readonly rounds: (
    input?: Omit<InputOf<'ListRounds'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Page<Round>>;
  /** Jobs of a couple or a host, all or those of one attempt, with verdicts. */
  readonly jobs: (
    input?: Omit<InputOf<'ListJobs'>, 'coupleId'>,
    options?: CallOptions,
  ) => Promise<Page<JobView>>;
}

/** The transactions and queries about one round. */
export interface RoundRecordMethods {
  /**
   * Opens the next attempt and its link of the model owner’s draw chain; pins the digest and vault handle of the
   * round’s model.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, WRONG_ATTEMPT, ROUNDS_EXHAUSTED,
   * WRONG_LINK, CONFLICT.
   */
  readonly open: (
    input: Omit<InputOf<'OpenRound'>, 'coupleId' | 'attempt'>,
    options?: CallOptions,
  ) => Promise<Committed<Round>>;
  /**
   * Opens this attempt’s link of the data owner’s draw chain. The contract draws the subsets, with `sum` whole
   * batches, from both links and names every slot and generation.
   * Who: the couple’s data owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, WRONG_STATE, DEADLINE_PASSED, WRONG_LINK, CONFLICT.
   */
  readonly start: (
    input: Omit<InputOf<'StartRound'>, 'coupleId' | 'attempt'>,
    options?: CallOptions,
  ) => Promise<Committed<Round>>;
  /**
   * Claims for each subset the digest of the received update, or “undelivered”. With fewer commitments than a quorum
   * the subset is void, whatever the claim; with `sum` so is its whole batch. A digest that a quorum opens settles
   * it. Any other claim is contested.
   * Who: the couple’s model owner.
   * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOT_DRAWN, NOT_CLOSABLE, UPLOADS_OPEN,
   * DEADLINE_PASSED, TOO_MANY_AT_ONCE, CONFLICT.
   */
  readonly close: (
    input: Omit<InputOf<'CloseRound'>, 'coupleId' | 'attempt'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'CloseRound'>>>;
  /**
   * Settles contested and unclosed subsets. Since nobody outside the hosts has attested a digest, a subset is void
   * with fewer commitments than a quorum, or in a batch with such a subset, and otherwise forfeited. An unclosed
   * subset adds a conduct record of the model owner.
   * Who: anyone, after the attest deadline.
   * Errors: NOT_FOUND, WRONG_STATE, NOT_DRAWN, DEADLINE_NOT_PASSED, TOO_MANY_AT_ONCE.
   */
  readonly tally: (
    input: Omit<InputOf<'TallyRound'>, 'coupleId' | 'attempt'>,
    options?: CallOptions,
  ) => Promise<Committed<OutputOf<'TallyRound'>>>;
  /**
   * Ends an attempt that the data owner did not start, and records a late draw in its conduct. The couple loses only
   * the attempt’s link.
   * Who: anyone, after the start deadline.
   * Errors: NOT_FOUND, WRONG_STATE, DEADLINE_NOT_PASSED.
   */
  readonly expire: (options?: CallOptions) => Promise<Committed<Round>>;
  /** A round with its jobs, settlements, reveals, progress by subset and deadlines. Errors: NOT_FOUND. */
  readonly get: (options?: CallOptions) => Promise<RoundView>;
  /** Jobs of a couple or a host, all or those of one attempt, with verdicts. */
  readonly jobs: (
    input?: Omit<InputOf<'ListJobs'>, 'coupleId' | 'attempt'>,
    options?: CallOptions,
  ) => Promise<Page<JobView>>;
}

/** The transactions and queries about one job. */
export interface JobRecordMethods {
  /**
   * Commits to an update: nonce, commitment, and handle and key of the object sealed to the model owner. The host
   * uploads the object when the subset, and with `sum` every subset of its batch, has a quorum of commitments.
   * Who: the host that the round’s record names for the slot.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
   */
  readonly submitUpdate: (
    input: Omit<InputOf<'SubmitUpdate'>, 'coupleId' | 'attempt' | 'instanceId'>,
    options?: CallOptions,
  ) => Promise<Committed<TrainJob>>;
  /**
   * Reports that the host could not get the round’s model. The host is excused; the report is final.
   * Who: the host that the round’s record names for the slot.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
   */
  readonly reportUnavailable: (options?: CallOptions) => Promise<Committed<TrainJob>>;
  /**
   * Names a digest, which must open the caller’s own commitment.
   * Who: a host that committed, in a contested or unclosed subset.
   * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, NO_COMMITMENT, NOT_CONTESTED,
   * DEADLINE_PASSED, DIGEST_DOES_NOT_OPEN, CONFLICT.
   */
  readonly revealUpdate: (
    input: Omit<InputOf<'RevealUpdate'>, 'coupleId' | 'attempt' | 'instanceId'>,
    options?: CallOptions,
  ) => Promise<Committed<Reveal>>;
  /** A job by id, with its verdict. Errors: NOT_FOUND. */
  readonly get: (options?: CallOptions) => Promise<JobView>;
}

/**
 * The methods of handles, by kind of record: those of the groups, without the fields that name the record.
 */
export interface RecordMethods {
  /** Transactions and queries about one dataset. */
  readonly dataset: DatasetRecordMethods;
  /** Transactions and queries about one instance. */
  readonly instance: InstanceRecordMethods;
  /** Transactions and queries about one couple. */
  readonly couple: CoupleRecordMethods;
  /** Transactions and queries about one round. */
  readonly round: RoundRecordMethods;
  /** Transactions and queries about one job. */
  readonly job: JobRecordMethods;
}
