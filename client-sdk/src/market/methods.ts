// Written by `npm run docs -w @veritrain/client-sdk` from the contract's table of transactions. Do not edit.

/**
 * Which method of the SDK calls which transaction. docs/transactions.md has their inputs, answers and examples; every
 * method may also throw the errors that any transaction may give, and the SDK's own, VT8nnn.
 */
export const methods = {
  config: {
    /**
     * Confirms a configuration: voting organisations, tick period, window, minimum and maximum deadline, minimum
     * replicas. It holds once an administrator of every organisation that it names has confirmed the same. Until then
     * each may confirm another instead. From then on the channel and the chaincode’s name, which are part of every
     * hash, are pinned, and ProposeConfig makes changes. One exception: a larger group of organisations may replace a
     * development market (fewer than three organisations) in the same way.
     * Who: an administrator of each voting organisation.
     * Errors: NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, NO_ROOM_FOR_A_ROUND, CONFLICT.
     */
    configure: 'ConfigureMarket',
    /**
     * Proposes other settings. A proposal without a majority lapses at its deadline; nothing waits for it.
     * Who: an administrator of a voting organisation.
     * Errors: ID_OF_ANOTHER, NOT_ADMINISTRATOR, WINDOW_TOO_WIDE, DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG,
     * NO_ROOM_FOR_A_ROUND, CONFLICT.
     */
    propose: 'ProposeConfig',
    /**
     * Votes on a proposal. Adoption needs a majority of the voting organisations and each organisation that the
     * proposal adds. Running couples keep their terms. A proposal that can no longer win is refused.
     * Who: an administrator of a voting organisation or of one that the proposal adds; one vote each.
     * Errors: NOT_ADMINISTRATOR, NOT_FOUND, PROPOSAL_STALE, DEADLINE_PASSED, WRONG_STATE, CONFLICT.
     */
    vote: 'VoteConfig',
    /** The market’s configuration. */
    get: 'GetConfig',
    /** Confirmations of configurations that do not hold yet, one row for each organisation. */
    listConfirmations: 'ListConfirmations',
    /** A configuration proposal with its votes. Errors: NOT_FOUND. */
    getProposal: 'GetProposal',
  },
  clock: {
    /**
     * Sets the clock to the transaction’s timestamp, at least a period after the last tick, and writes a row.
     * Endorsers refuse a timestamp that differs from their own clocks by more than the window.
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
     * Who: any identity of the channel, once; if the market requires it, with roles from its certificate.
     * Errors: ID_NOT_OF_KEYS, IDENTITY_TAKEN, ROLE_NOT_CERTIFIED, CONFLICT.
     */
    register: 'RegisterParticipant',
    /** The calling identity as the ledger knows it, with its participant if it has one. */
    whoAmI: 'WhoAmI',
    /** A participant by id. Errors: NOT_FOUND. */
    get: 'GetParticipant',
    /** Participants, all or those with one role. */
    list: 'ListParticipants',
    /** The conduct records of a participant, all or those of one couple. Errors: NOT_FOUND. */
    listConduct: 'ListConduct',
  },
  datasets: {
    /**
     * Offers a dataset: template, subsets × replicas, lifetime rounds, rules for requests and deadlines. The ledger
     * gets no rows.
     * Who: a data owner.
     * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, TOO_FEW_REPLICAS, DEADLINE_TOO_SHORT,
     * DEADLINE_TOO_LONG, CONFLICT.
     */
    register: 'RegisterDataset',
    /**
     * Takes the dataset off the market: no new hosts, requests or approvals; approved couples continue.
     * ListTrainedModels lists the models trained on it.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER.
     */
    withdraw: 'WithdrawDataset',
    /** A dataset by id, with its ready subsets and its number of reserved lifetime rounds. Errors: NOT_FOUND. */
    get: 'GetDataset',
    /** Datasets, by owner or state. */
    list: 'ListDatasets',
    /** A subset with all its slots. Errors: NOT_FOUND, OUT_OF_RANGE. */
    getSubset: 'GetSubset',
    /** The models trained on a dataset, by couple. Errors: NOT_FOUND. */
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
     * quorum opens is pinned. A slot whose commitment does not open is mismatched, and nobody is blamed.
     * Who: the dataset’s owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, OUT_OF_RANGE, TOO_MANY_AT_ONCE, NO_QUORUM_FOR_DIGEST,
     * PACKAGE_DIGEST_PINNED.
     */
    verify: 'VerifyInstances',
    /**
     * Frees a joined slot that the data owner did not verify in time. It opens again under the next generation.
     * Who: anyone, after the slot’s verify deadline.
     * Errors: NOT_FOUND, OUT_OF_RANGE, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
     */
    expireJoin: 'ExpireJoin',
    /**
     * Releases a host from its slot. The first call for a verified slot starts a notice. Rounds that start before the
     * notice ends still name the slot, and a second call after it frees the slot. Any other slot is free at once.
     * Who: the slot’s host; after the notice, anyone.
     * Errors: NOT_REGISTERED, NOT_FOUND, OUT_OF_RANGE, NOT_HOLDER, WRONG_GENERATION, WRONG_STATE, DEADLINE_NOT_PASSED.
     */
    leave: 'LeaveInstance',
    /** A slot by id. A slot that nobody has joined is open, generation 1. Errors: NOT_FOUND, OUT_OF_RANGE. */
    get: 'GetInstance',
    /** Slots that a host has joined at some time, by dataset or host, all or those in one state. */
    list: 'ListInstances',
    /**
     * The participants that a dataset’s slots wait for, the deadlines, and the transactions that anyone may call after
     * them.
     * Errors: NOT_FOUND.
     */
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
    /** Models, all or those of one owner. */
    list: 'ListModels',
  },
  couples: {
    /**
     * Asks to train a model on a dataset, with the terms, the anchor of the model owner’s draw chain and the digest of
     * a homomorphic public key. The model owner has used neither of the two before.
     * Who: the model’s owner.
     * Errors: ID_OF_ANOTHER, NOT_REGISTERED, MISSING_ROLE, ROLE_NOT_CERTIFIED, NOT_FOUND, NOT_OWNER,
     * DATASET_WITHDRAWN, NOT_READY, BEYOND_RULES, HE_KEY_REQUIRED, HE_KEY_USED, ANCHOR_USED, TOO_MANY_OPEN_REQUESTS,
     * DEADLINE_TOO_SHORT, DEADLINE_TOO_LONG, CONFLICT.
     */
    request: 'RequestTraining',
    /**
     * Approves a request with the anchor of the data owner’s draw chain, which is as long as the attempts (rounds +
     * spare), and reserves the rounds from the dataset’s lifetime rounds.
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
     * Ends the couple with the final model’s digest and metrics. The contract refuses it while a round is unsettled.
     * Who: the couple’s model owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, NOT_APPROVED, ROUND_UNSETTLED, CONFLICT.
     */
    finish: 'FinishTraining',
    /**
     * Ends a couple whose request got no answer, or that has been idle for too long. The contract refuses it while a
     * round is unsettled.
     * Who: anyone, after the answer deadline or the idle deadline.
     * Errors: NOT_FOUND, WRONG_STATE, ROUND_UNSETTLED, DEADLINE_NOT_PASSED.
     */
    cancel: 'CancelTraining',
    /**
     * Returns the reserved rounds that were never started to the dataset.
     * Who: the dataset’s owner, after the couple’s end.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOTHING_RESERVED.
     */
    releaseRounds: 'ReleaseRounds',
    /** A couple by id. Errors: NOT_FOUND. */
    get: 'GetCouple',
    /**
     * A couple and its newest attempt with jobs, settlements, reveals and deadlines; the participants that it waits
     * for, the deadline, and the transaction that anyone may call after it.
     * Errors: NOT_FOUND.
     */
    view: 'GetCoupleView',
    /** Couples, by party (data owner or model owner), dataset, model or state. */
    list: 'ListCouples',
  },
  history: {
    /**
     * A couple’s whole history in order. A page has `pageSize` attempts; bookmarks are attempt numbers.
     * Errors: NOT_FOUND.
     */
    ofCouple: 'GetCoupleHistory',
  },
  rounds: {
    /**
     * Opens the next attempt and its link of the model owner’s draw chain; pins the digest and vault handle of the
     * round’s model.
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
     * Claims for each subset the digest of the received update, or “undelivered”. With fewer commitments than a quorum
     * the subset is void, whatever the claim. A digest that a quorum opens settles it. Any other claim is contested.
     * Who: the couple’s model owner.
     * Errors: NOT_REGISTERED, NOT_FOUND, NOT_OWNER, WRONG_STATE, NOT_DRAWN, NOT_CLOSABLE, UPLOADS_OPEN,
     * DEADLINE_PASSED, TOO_MANY_AT_ONCE, CONFLICT.
     */
    close: 'CloseRound',
    /**
     * Settles contested and unclosed subsets. Since nobody outside the hosts has attested a digest, a subset is void
     * with fewer commitments than a quorum and otherwise forfeited. An unclosed subset adds a conduct record of the
     * model owner.
     * Who: anyone, after the attest deadline.
     * Errors: NOT_FOUND, WRONG_STATE, NOT_DRAWN, DEADLINE_NOT_PASSED, TOO_MANY_AT_ONCE.
     */
    tally: 'TallyRound',
    /**
     * Ends an attempt that the data owner did not start, and records a late draw in its conduct. The couple loses only
     * the attempt’s link.
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
     * Commits to an update: nonce, commitment, and handle and key of the object sealed to the model owner. The host
     * uploads the object when the subset has a quorum of commitments.
     * Who: the host that the round’s record names for the slot.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
     */
    submitUpdate: 'SubmitUpdate',
    /**
     * Reports that the host could not get the round’s model. The host is excused; the report is final.
     * Who: the host that the round’s record names for the slot.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, DEADLINE_PASSED, CONFLICT.
     */
    reportUnavailable: 'ReportUnavailable',
    /**
     * Names a digest, which must open the caller’s own commitment.
     * Who: a host that committed, in a contested or unclosed subset.
     * Errors: NOT_REGISTERED, NOT_FOUND, WRONG_STATE, NOT_DRAWN, NOT_HOLDER, NO_COMMITMENT, NOT_CONTESTED,
     * DEADLINE_PASSED, DIGEST_DOES_NOT_OPEN, CONFLICT.
     */
    revealUpdate: 'RevealUpdate',
    /** A job by id, with its verdict. Errors: NOT_FOUND. */
    get: 'GetJob',
    /** Jobs of a couple or a host, all or those of one attempt, with verdicts. */
    list: 'ListJobs',
  },
} as const;
