/**
 * Which method of the SDK calls which transaction: the noun is the group's, the verb the method's. Inputs, answers,
 * who may call and which errors there are stand in the contract's transaction reference under the same names; every
 * method may also throw the SDK's own VT8nnn errors.
 */

export const participantSubmits = {
  /** Binds a fresh id to this profile's identity, roles and public keys. Errors: IDENTITY_TAKEN, ROLE_NOT_CERTIFIED, CONFLICT. */
  register: 'RegisterParticipant',
} as const;

export const participantQueries = {
  /** This profile's identity as the ledger knows it. */
  whoAmI: 'WhoAmI',
  /** A participant by id. Errors: NOT_FOUND. */
  get: 'GetParticipant',
  /** Participants, all or those with a role; in pages. */
  list: 'ListParticipants',
  /** What verdicts have written of a participant; in pages. Errors: NOT_FOUND. */
  listEvidence: 'ListEvidence',
} as const;

export const datasetSubmits = {
  /** Offers a dataset of subsets × replicas. Errors: MISSING_ROLE, TOO_FEW_REPLICAS, DEADLINE_TOO_SHORT, CONFLICT. */
  register: 'RegisterDataset',
  /** Takes a dataset off the market; approved couples run on. Errors: NOT_FOUND, NOT_OWNER. */
  withdraw: 'WithdrawDataset',
} as const;

export const datasetQueries = {
  /** A dataset by id, with its ready subsets and reserved rounds. Errors: NOT_FOUND. */
  get: 'GetDataset',
  /** Datasets, by owner or state; in pages. */
  list: 'ListDatasets',
  /** A subset with all its slots. Errors: NOT_FOUND, OUT_OF_RANGE. */
  getSubset: 'GetSubset',
  /** Models that were trained on a dataset; in pages. Errors: NOT_FOUND. */
  listTrainedModels: 'ListTrainedModels',
} as const;

export const instanceSubmits = {
  /** Takes an open slot with the data owner's token. Errors: TOKEN_INVALID, TOKEN_EXPIRED, SLOT_TAKEN, SUBSET_HELD, … */
  join: 'JoinInstance',
  /** Opens the joined slots' commitments with one package digest per subset. Errors: NO_QUORUM_FOR_DIGEST, PACKAGE_DIGEST_PINNED, … */
  verify: 'VerifyInstances',
  /** Frees a slot that was not verified in time. Errors: DEADLINE_NOT_PASSED, WRONG_STATE, … */
  expireJoin: 'ExpireJoin',
  /** Gives notice, or ends it. Errors: NOT_HOLDER, DEADLINE_NOT_PASSED, … */
  leave: 'LeaveInstance',
} as const;

export const instanceQueries = {
  /** A slot by id. Errors: NOT_FOUND, OUT_OF_RANGE. */
  get: 'GetInstance',
  /** Slots that were ever joined, by dataset, host or state; in pages. */
  list: 'ListInstances',
  /** Whom the slots of a dataset wait for, until when; in pages. Errors: NOT_FOUND. */
  waitingForJoins: 'WaitingForJoins',
} as const;

export const modelSubmits = {
  /** Pins a model's program, architecture and protection. Errors: MISSING_ROLE, CONFLICT. */
  register: 'RegisterModel',
} as const;

export const modelQueries = {
  /** A model by id. Errors: NOT_FOUND. */
  get: 'GetModel',
  /** Models, all or an owner's; in pages. */
  list: 'ListModels',
} as const;

export const coupleSubmits = {
  /** Approves a request with the anchor of a draw chain. Errors: NOT_OWNER, ANCHOR_USED, LIFETIME_EXHAUSTED, … */
  approve: 'ApproveTraining',
  /** Refuses a request with a reason. Errors: NOT_OWNER, WRONG_STATE. */
  reject: 'RejectTraining',
  /** Ends a couple with the final model's digest and metrics. Errors: ROUND_UNSETTLED, NOT_APPROVED, … */
  finish: 'FinishTraining',
  /** Ends a couple that was not answered in time or rests too long. Errors: DEADLINE_NOT_PASSED, ROUND_UNSETTLED, … */
  cancel: 'CancelTraining',
  /** Gives unused reserved rounds back to the dataset. Errors: WRONG_STATE, NOTHING_RESERVED, … */
  releaseRounds: 'ReleaseRounds',
} as const;

export const coupleQueries = {
  /** A couple by id. Errors: NOT_FOUND. */
  get: 'GetCouple',
  /** Couples, by party, dataset, model or state; in pages. */
  list: 'ListCouples',
  /** Whom a couple waits for, until when, and what anyone may call then. Errors: NOT_FOUND. */
  waitingFor: 'WaitingFor',
} as const;

export const roundSubmits = {
  /** Opens the next attempt with the model that goes out. Errors: WRONG_ATTEMPT, ROUND_UNSETTLED, ROUNDS_EXHAUSTED, … */
  open: 'OpenRound',
  /** Opens this attempt's link; the contract draws. Errors: WRONG_LINK, DEADLINE_PASSED, … */
  start: 'StartRound',
  /** Says per subset which digest came, or `undelivered`. Errors: NOT_CLOSABLE, UPLOADS_OPEN, DEADLINE_PASSED, … */
  close: 'CloseRound',
  /** Settles contested or unclosed subsets. Errors: DEADLINE_NOT_PASSED, NOT_CONTESTED, … */
  tally: 'TallyRound',
  /** Ends an attempt that was not started in time. Errors: DEADLINE_NOT_PASSED, WRONG_STATE. */
  expire: 'ExpireRound',
} as const;

export const roundQueries = {
  /** A round with its jobs, settlements, reveals and deadlines. Errors: NOT_FOUND. */
  get: 'GetRound',
  /** The rounds of a couple, by attempt; in pages. Errors: NOT_FOUND. */
  list: 'ListRounds',
} as const;

export const jobSubmits = {
  /** Commits to an update and seals its location to the model owner. Errors: NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT. */
  submitUpdate: 'SubmitUpdate',
  /** Says that the round's model could not be had. Errors: NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT. */
  reportUnavailable: 'ReportUnavailable',
  /** Names a digest in a contested subset. Errors: NOT_CONTESTED, DIGEST_DOES_NOT_OPEN, DEADLINE_PASSED, … */
  revealUpdate: 'RevealUpdate',
} as const;

export const jobQueries = {
  /** A job by id, with its verdict. Errors: NOT_FOUND. */
  get: 'GetJob',
  /** Jobs of a couple or a host, with verdicts; in pages. */
  list: 'ListJobs',
} as const;

export const clockSubmits = {
  /** Sets the market's clock. Errors: TICK_TOO_EARLY (nothing needs to be done), TICK_OUT_OF_WINDOW. */
  tick: 'Tick',
} as const;

export const clockQueries = {
  /** The clock: sequence and time in milliseconds since the epoch, both 0 before the first tick. */
  get: 'GetClock',
} as const;

export const configSubmits = {
  /** Confirms a configuration, which holds once each organisation that it names has. Errors: NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, CONFLICT. */
  configure: 'ConfigureMarket',
  /** Proposes other settings. Errors: NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, CONFLICT. */
  propose: 'ProposeConfig',
  /** Votes on a proposal. Errors: NOT_ADMINISTRATOR, PROPOSAL_STALE, DEADLINE_PASSED, … */
  vote: 'VoteConfig',
} as const;

export const configQueries = {
  /** The market's configuration. Errors: MARKET_NOT_CONFIGURED. */
  get: 'GetConfig',
  /** What organisations have confirmed that does not hold yet. */
  listConfirmations: 'ListConfirmations',
  /** A proposal with its votes. Errors: NOT_FOUND. */
  getProposal: 'GetProposal',
} as const;

export const historyQueries = {
  /** A couple's whole history in order; in pages of attempts. Errors: NOT_FOUND. */
  ofCouple: 'GetCoupleHistory',
} as const;
