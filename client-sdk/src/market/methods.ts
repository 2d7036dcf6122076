// Written by `npm run docs -w @veritrain/client-sdk` from the contract's table of transactions. Do not edit.

/**
 * Which method of the SDK calls which transaction. docs/transactions.md has their inputs, answers and examples; every
 * method may also throw the errors that any transaction may give, and the SDK's own, VT8nnn.
 */
export const methods = {
  config: {
    /**
     * Confirms a configuration: voting organisations, tick period, window, least and most deadline, least replicas. It
     * holds once an administrator of every organisation that it names has confirmed the same; until then each may
     * confirm another instead. Then the channel and the chaincode’s name are pinned, which go into every hash, and
     * changes go by ProposeConfig; but a development market, of fewer than three, may be replaced in the same way by
     * more organisations than it has.
     * Who: an administrator of each voting organisation.
     * Errors: NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, NO_ROOM_FOR_A_ROUND, CONFLICT.
     */
    configure: 'ConfigureMarket',
    /**
     * Proposes other settings. A proposal that gets no majority in time lapses; nothing waits for it.
     * Who: an administrator of a voting organisation.
     * Errors: ID_OF_ANOTHER, NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG,
     * NO_ROOM_FOR_A_ROUND, CONFLICT.
     */
    propose: 'ProposeConfig',
    /**
     * Votes on a proposal. It is adopted with a majority of those who vote, and each organisation that it adds;
     * running couples keep their terms. A proposal that can no longer win is refused.
     * Who: an administrator of an organisation that votes, or that the proposal adds; one vote each.
     * Errors: NOT_ADMINISTRATOR, NOT_FOUND, PROPOSAL_STALE, DEADLINE_PASSED, WRONG_STATE, CONFLICT.
     */
    vote: 'VoteConfig',
    /** The market’s configuration. */
    get: 'GetConfig',
    /** What organisations have confirmed that does not hold yet, one row for each organisation. */
    listConfirmations: 'ListConfirmations',
    /** A configuration proposal with its votes. Errors: NOT_FOUND. */
    getProposal: 'GetProposal',
  },
  clock: {
    /**
     * Sets the clock to the transaction’s timestamp, at least a period after the last tick, and leaves a row.
     * Endorsers refuse a timestamp further than the window from their own clocks.
     * Who: anyone.
     * Errors: TICK_TOO_EARLY, TICK_OUT_OF_WINDOW.
     */
    tick: 'Tick',
    /** The market’s clock: 0 and 0 before the first tick. */
    get: 'GetClock',
  },
  participants: {
    /**
     * Binds public keys and roles to the caller’s identity, under the id that the keys hash to.
     * Who: any identity of the channel, once; where the market says so, with roles from its certificate.
     * Errors: ID_NOT_OF_KEYS, IDENTITY_TAKEN, ROLE_NOT_CERTIFIED, CONFLICT.
     */
    register: 'RegisterParticipant',
    /** The calling identity as the ledger knows it, with its participant if it has one. */
    whoAmI: 'WhoAmI',
    /** A participant by id. Errors: NOT_FOUND. */
    get: 'GetParticipant',
    /** Participants, all or those with a role. */
    list: 'ListParticipants',
    /** The conduct records of a participant, all or those of one couple. Errors: NOT_FOUND. */
    listConduct: 'ListConduct',
  },
  datasets: {
    /**
     * Offers a dataset: template, subsets × replicas, lifetime rounds, rules for requests, deadlines. No rows.
     * Who: a data owner.
     * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, TOO_FEW_REPLICAS, DEADLINE_TOO_SHORT,
     * DEADLINE_TOO_LONG, CONFLICT.
     */
    register: 'RegisterDataset',
    /**
     * Takes the dataset off the market: no new hosts, requests or approvals; approved couples run on.
     * ListTrainedModels says which models were trained on it.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER.
     */
    withdraw: 'WithdrawDataset',
    /** A dataset by id, with what is ready and how many lifetime rounds are reserved. Errors: NOT_FOUND. */
    get: 'GetDataset',
    /** Datasets, by owner or state. */
    list: 'ListDatasets',
    /** A subset with all its slots. Errors: NOT_FOUND, OUT_OF_RANGE. */
    getSubset: 'GetSubset',
    /** The models that were trained on a dataset, by couple. Errors: NOT_FOUND. */
    listTrainedModels: 'ListTrainedModels',
  },
  instances: {
    /**
     * Takes an open slot with the data owner’s token and commits to the package’s digest.
     * Who: the host that the join token names.
     * Errors: NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, DATASET_WITHDRAWN, OUT_OF_RANGE,
     * WRONG_GENERATION, SLOT_TAKEN, SUBSET_HELD, COMPANY_TAG_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CONFLICT.
     */
    join: 'JoinInstance',
    /**
     * Gives one package digest per subset; the contract opens every joined slot’s commitment. The first digest that a
     * quorum opens is pinned. A slot that does not open is mismatched, and nobody is blamed.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, OUT_OF_RANGE, TOO_MANY_AT_ONCE, NO_QUORUM_FOR_DIGEST,
     * PACKAGE_DIGEST_PINNED.
     */
    verify: 'VerifyInstances',
    /**
     * Frees a slot that was joined and not verified in time; it opens again under the next generation.
     * Who: anyone, after the slot’s verify deadline.
     * Errors: NOT_FOUND, OUT_OF_RANGE, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
     */
    expireJoin: 'ExpireJoin',
    /**
     * Lets a host go. A verified slot is under notice first: rounds that start before it ends still name it, and a
     * second call ends it. Other slots are left at once.
     * Who: the slot’s host; after the notice, anyone.
     * Errors: NOT_REGISTERED, NOT_FOUND, OUT_OF_RANGE, NOT_HOLDER, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
     */
    leave: 'LeaveInstance',
    /** A slot by id; one that nobody ever joined is open, generation 1. Errors: NOT_FOUND, OUT_OF_RANGE. */
    get: 'GetInstance',
    /** Slots that were ever joined, of a dataset or of a host, all or those in a state. */
    list: 'ListInstances',
    /** Whom the slots of a dataset wait for, until when, and what anyone may call then. Errors: NOT_FOUND. */
    waitingForJoins: 'WaitingForJoins',
  },
  models: {
    /**
     * Pins training program, architecture and protection.
     * Who: a model owner.
     * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, CONFLICT.
     */
    register: 'RegisterModel',
    /** A model by id. Errors: NOT_FOUND. */
    get: 'GetModel',
    /** Models, all or those of an owner. */
    list: 'ListModels',
  },
  couples: {
    /**
     * Asks to train a model on a dataset: the terms, the anchor of the model owner’s draw chain and the digest of a
     * homomorphic public key, neither of which it used before.
     * Who: the model’s owner.
     * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, NOT_OWNER,
     * DATASET_WITHDRAWN, NOT_READY, BEYOND_RULES, HE_KEY_REQUIRED, HE_KEY_USED, ANCHOR_USED, TOO_MANY_OPEN_REQUESTS,
     * DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG, CONFLICT.
     */
    request: 'RequestTraining',
    /**
     * Approves with the anchor of the data owner’s draw chain, as long as the attempts (rounds + spare), and reserves
     * the rounds from the dataset’s lifetime rounds.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, DATASET_WITHDRAWN, DEADLINE_PASSED, ANCHOR_USED,
     * LIFETIME_EXHAUSTED, CONFLICT.
     */
    approve: 'ApproveTraining',
    /**
     * Refuses a request with a reason code. terms, purpose, capacity, reputation and other are the owner’s choice; the
     * rest say why an approval cannot succeed.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, CONFLICT.
     */
    reject: 'RejectTraining',
    /**
     * Ends the couple with the final model’s digest and metrics; refused while a round is unsettled.
     * Who: the couple’s model owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, CONFLICT.
     */
    finish: 'FinishTraining',
    /**
     * Ends a couple that was not answered, or that rests too long; refused while a round is unsettled.
     * Who: anyone, after the answer deadline or the idle deadline.
     * Errors: NOT_FOUND, WRONG_STATE, ROUND_UNSETTLED, DEADLINE_NOT_PASSED.
     */
    cancel: 'CancelTraining',
    /**
     * Gives back to the dataset the reserved rounds that were never started.
     * Who: the dataset’s owner, after the couple’s end.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOTHING_RESERVED.
     */
    releaseRounds: 'ReleaseRounds',
    /** A couple by id. Errors: NOT_FOUND. */
    get: 'GetCouple',
    /**
     * A couple, its newest attempt with jobs, settlements, reveals and deadlines, whom it waits for, until when, and
     * what anyone may call then.
     * Errors: NOT_FOUND.
     */
    view: 'GetCoupleView',
    /** Couples, by party (data owner or model owner), dataset, model or state. */
    list: 'ListCouples',
  },
  history: {
    /**
     * A couple’s whole history in order. A page holds that many attempts; bookmarks are attempt numbers.
     * Errors: NOT_FOUND.
     */
    ofCouple: 'GetCoupleHistory',
  },
  rounds: {
    /**
     * Opens the next attempt and its link of the model owner’s draw chain; pins digest and vault handle of the model
     * that goes out.
     * Who: the couple’s model owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, WRONG_ATTEMPT, ROUNDS_EXHAUSTED,
     * WRONG_LINK, CONFLICT.
     */
    open: 'OpenRound',
    /**
     * Opens this attempt’s link of the data owner’s draw chain. The contract draws the subsets from both links and
     * names every slot and generation.
     * Who: the couple’s data owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, WRONG_STATE, DEADLINE_PASSED, WRONG_LINK, CONFLICT.
     */
    start: 'StartRound',
    /**
     * Says per subset which digest came, or undelivered. Under a quorum of commitments the subset is void whatever is
     * said; a digest that a quorum opens settles it; anything else is contested.
     * Who: the couple’s model owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOT_DRAWN, NOT_CLOSABLE, UPLOADS_OPEN,
     * DEADLINE_PASSED, TOO_MANY_AT_ONCE, CONFLICT.
     */
    close: 'CloseRound',
    /**
     * Settles subsets that are contested or were left unclosed. Nobody outside the hosts attested: void under a quorum
     * of commitments, else forfeited. A subset left unclosed leaves a conduct record of the model owner.
     * Who: anyone, after the attest deadline.
     * Errors: NOT_FOUND, WRONG_STATE, NOT_DRAWN, DEADLINE_NOT_PASSED, TOO_MANY_AT_ONCE.
     */
    tally: 'TallyRound',
    /**
     * Ends an attempt that the data owner did not start, with a conduct record of a late draw. It costs only its link.
     * Who: anyone, after the start deadline.
     * Errors: NOT_FOUND, WRONG_STATE, DEADLINE_NOT_PASSED.
     */
    expire: 'ExpireRound',
    /** A round with its jobs, settlements, reveals, progress by subset and deadlines. Errors: NOT_FOUND. */
    get: 'GetRound',
    /** The rounds of a couple, by attempt. Errors: NOT_FOUND. */
    list: 'ListRounds',
  },
  jobs: {
    /**
     * Commits to an update: nonce, commitment, and handle and key of the object sealed to the model owner. The object
     * is uploaded when the subset has a quorum of commitments.
     * Who: the host that the round’s record names for the slot.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
     */
    submitUpdate: 'SubmitUpdate',
    /**
     * Says that the round’s model could not be had. The host is excused; the word is final.
     * Who: the host that the round’s record names for the slot.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
     */
    reportUnavailable: 'ReportUnavailable',
    /**
     * Names a digest, which must open the caller’s own commitment.
     * Who: a host that committed, in a subset that is contested or was left unclosed.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, NO_COMMITMENT, NOT_CONTESTED,
     * DEADLINE_PASSED, DIGEST_DOES_NOT_OPEN, CONFLICT.
     */
    revealUpdate: 'RevealUpdate',
    /** A job by id, with its verdict. Errors: NOT_FOUND. */
    get: 'GetJob',
    /** Jobs of a couple or of a host, all or those of one attempt, with verdicts. */
    list: 'ListJobs',
  },
} as const;
