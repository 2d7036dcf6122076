/**
 * Every refusal of the contract. A message starts with the code and the name (`VT0203 NOT_APPROVED: …`) and may end
 * with facts as JSON. `help` says what to do.
 */
export const errorTable = {
  INTERNAL: [
    'VT0001',
    'The contract failed internally and wrote nothing. Report the failure with the transaction id.',
  ],
  INVALID_INPUT: [
    'VT0101',
    'The argument is not one JSON object of the expected shape. The message names the fields; docs/transactions.md has the schema and an example.',
  ],
  INPUT_TOO_LARGE: ['VT0102', 'The argument is over 64 KiB. Send the work in smaller chunks.'],
  UNKNOWN_TRANSACTION: [
    'VT0103',
    'The contract has no such transaction. Names are fully qualified, for example RoundContract:SubmitUpdate.',
  ],
  WRONG_CHAINCODE: [
    'VT0104',
    'The caller used a chaincode name other than the market’s, or called through another chaincode. Call the contract directly, under the market’s name.',
  ],
  TOO_MANY_AT_ONCE: [
    'VT0105',
    'One transaction may touch about 50 keys at most. Send the subsets in several calls.',
  ],
  WRONG_ARGUMENTS: [
    'VT0106',
    'A call consists of the transaction’s qualified name and one argument, a JSON object as text.',
  ],
  NOT_FOUND: [
    'VT0201',
    'No record has this id. Check the id and the market (channel and chaincode) of your profile.',
  ],
  WRONG_STATE: [
    'VT0202',
    'The record’s state does not allow this. Read the record again, and its “waiting for”.',
  ],
  NOT_APPROVED: ['VT0203', 'The couple is not approved, or has ended. Only an approved couple trains.'],
  CONFLICT: [
    'VT0204',
    'A record with this id exists with other content. Use a new id, or send exactly the same content again.',
  ],
  MARKET_NOT_CONFIGURED: [
    'VT0205',
    'First an administrator of each voting organisation must call ConfigureMarket with the same settings. `missing` names the organisations that have not confirmed.',
  ],
  PROPOSAL_STALE: ['VT0206', 'The market’s configuration has changed since the proposal. Propose it again.'],
  NOT_REGISTERED: ['VT0301', 'The calling identity is not a participant. Call RegisterParticipant first.'],
  MISSING_ROLE: ['VT0302', 'The participant lacks the required role. Register an identity with that role.'],
  NOT_OWNER: ['VT0303', 'Only the owner of this record may do that. Check your profile.'],
  NOT_HOLDER: [
    'VT0304',
    'Another participant holds the slot. A job belongs to the host that the round’s record names.',
  ],
  IDENTITY_TAKEN: [
    'VT0305',
    'The calling identity is already a participant, under another id. WhoAmI returns that id.',
  ],
  NOT_ADMINISTRATOR: [
    'VT0306',
    'Only an administrator of a voting organisation may do that. Its certificate has the organisational unit admin or the attribute veritrain.administrator=true.',
  ],
  ROLE_NOT_CERTIFIED: [
    'VT0307',
    'This market takes roles from certificates, and the caller’s attribute veritrain.roles does not grant them. Enrol with the attribute.',
  ],
  ID_NOT_OF_KEYS: [
    'VT0308',
    'A participant’s id is a hash over its signing and encryption key, and this id belongs to other keys. Compute it with `participantIdOf`.',
  ],
  TICK_TOO_EARLY: ['VT0401', 'The last tick is less than a period old. No action is needed.'],
  TICK_OUT_OF_WINDOW: [
    'VT0402',
    'The tick’s timestamp is further from the endorser’s clock than the window. Synchronise clocks and try again.',
  ],
  DEADLINE_PASSED: [
    'VT0403',
    'The deadline for this has passed. The record’s “waiting for” lists the possible steps.',
  ],
  DEADLINE_NOT_PASSED: [
    'VT0404',
    'This is allowed only after a deadline, which has not passed yet. Wait for the next clock ticks.',
  ],
  WINDOW_TOO_WIDE: ['VT0405', 'The window may be at most half a tick period.'],
  DEADLINE_TOO_SHORT: [
    'VT0406',
    'A deadline must last at least 20 tick periods and the market’s minimum (`leastDeadlineMs`). Round deadlines must follow one another by as much.',
  ],
  DEADLINE_TOO_LONG: [
    'VT0410',
    'A deadline may last at most the market’s maximum (`mostDeadlineMs`). GetConfig shows it.',
  ],
  NO_ROOM_FOR_A_ROUND: [
    'VT0411',
    'The five deadlines of a round follow one another by `leastDeadlineMs` or more, so `mostDeadlineMs` must be at least five times as long.',
  ],
  TOO_FEW_REPLICAS: ['VT0501', 'The market requires more replicas of each subset. GetConfig shows how many.'],
  DATASET_WITHDRAWN: [
    'VT0502',
    'The owner has withdrawn the dataset. It accepts no new hosts, requests or approvals.',
  ],
  OUT_OF_RANGE: ['VT0503', 'The dataset has no such subset or slot. Both count from 0.'],
  WRONG_GENERATION: ['VT0504', 'The slot has another generation. Ask the data owner for a new invite.'],
  SLOT_TAKEN: ['VT0505', 'Another host holds this slot.'],
  SUBSET_HELD: [
    'VT0506',
    'A participant may hold only one slot of a subset. Where the market requires company tags, the same applies to a company.',
  ],
  COMPANY_TAG_MISSING: [
    'VT0507',
    'This market requires the certificate attribute veritrain.company.<dataset> of hosts. Enrol with it.',
  ],
  TOKEN_INVALID: [
    'VT0508',
    'The join token is not the data owner’s signature for this participant, slot and generation. Ask for a new invite.',
  ],
  TOKEN_EXPIRED: ['VT0509', 'The join token has expired. Ask the data owner for a new invite.'],
  NO_QUORUM_FOR_DIGEST: [
    'VT0510',
    'Fewer than a quorum of the subset’s commitments open with this package digest. The contract changed nothing.',
  ],
  PACKAGE_DIGEST_PINNED: ['VT0511', 'The subset has another pinned package digest, which cannot change.'],
  UNFIT_FOR_SUMS: [
    'VT0512',
    'With `aggregation: sum` a dataset has at least 3 subsets, at most 7 replicas of each, and `mostSubsetsPerRound` of at least its largest batch: 3 subsets, 4 or 5 where 3 does not divide their number.',
  ],
  NOT_READY: ['VT0601', 'Requests open when every subset has a quorum of verified slots.'],
  BEYOND_RULES: ['VT0602', 'The request breaks the dataset’s rules for requests. GetDataset shows them.'],
  HE_KEY_REQUIRED: [
    'VT0603',
    'An encrypted model requires the digest of a homomorphic public key. A plain model must have none.',
  ],
  HE_KEY_USED: [
    'VT0604',
    'The caller has used this homomorphic key on this ledger before. Make a new key for each couple.',
  ],
  ANCHOR_USED: [
    'VT0605',
    'The caller has used this anchor on this ledger before. Make a new chain for each couple.',
  ],
  LIFETIME_EXHAUSTED: [
    'VT0606',
    'The dataset has fewer lifetime rounds left. Release ended couples’ rounds, or reject.',
  ],
  ROUND_UNSETTLED: [
    'VT0607',
    'A round of this couple is open or not settled. Close, tally or expire it first.',
  ],
  WRONG_ATTEMPT: [
    'VT0608',
    'Attempt numbers have no gaps and are never reused. The message names the next one.',
  ],
  ROUNDS_EXHAUSTED: ['VT0609', 'The couple has used all agreed rounds or attempts. Finish the training.'],
  WRONG_LINK: ['VT0610', 'The link is not this attempt’s link of the anchored chain.'],
  NOT_DRAWN: ['VT0611', 'The round’s record does not name this instance, subset or slot.'],
  NOT_CLOSABLE: [
    'VT0612',
    'Some host of the subset, or with `sum` of its batch, has neither committed nor reported, and the commit deadline has not passed. Wait.',
  ],
  UPLOADS_OPEN: ['VT0613', 'The claim “undelivered” is allowed only after the upload deadline.'],
  NOT_CONTESTED: [
    'VT0614',
    'The subset is closed and not contested, so there is nothing to reveal or tally.',
  ],
  DIGEST_DOES_NOT_OPEN: ['VT0615', 'The digest does not open the caller’s own commitment.'],
  NO_COMMITMENT: ['VT0616', 'The host made no commitment in this round, so it has nothing to reveal.'],
  NOTHING_RESERVED: ['VT0617', 'The couple was never approved, so it reserved no rounds.'],
  ID_OF_ANOTHER: [
    'VT0619',
    'An id of 30 characters of a-z and 2-7 belongs to the owner that it follows from, and the caller is not that owner. Let the client make the id, or choose a shorter one.',
  ],
  TOO_MANY_OPEN_REQUESTS: [
    'VT0618',
    'One model owner may have 8 unanswered requests on a dataset. Wait for an answer, or cancel one whose answer deadline has passed.',
  ],
} as const satisfies Record<string, readonly [code: string, help: string]>;

export type ErrorName = keyof typeof errorTable;
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

export const errorNames = Object.keys(errorTable) as ErrorName[];
export const errorCode = (name: ErrorName): string => errorTable[name][0];
export const errorHelp = (name: ErrorName): string => errorTable[name][1];

/** A refusal by the rules. Only its message crosses the peer. */
export class ContractError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(
    readonly errorName: ErrorName,
    readonly reason: string,
    readonly facts: ErrorFacts = {},
  ) {
    super(formatErrorMessage(errorName, reason, facts));
    this.name = 'ContractError';
    this.code = errorCode(errorName);
    this.hint = errorHelp(errorName);
  }
}

function formatErrorMessage(name: ErrorName, reason: string, facts: ErrorFacts): string {
  const tail = Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(facts)}`;
  return `${errorCode(name)} ${name}: ${reason}${tail}`;
}

export interface ParsedContractError {
  readonly code: string;
  readonly name: ErrorName;
  readonly message: string;
  readonly facts: ErrorFacts;
  readonly hint: string;
}

/** Finds a refusal of the contract in the report of a peer or gateway; null when there is none. */
export function parseErrorMessage(reported: string): ParsedContractError | null {
  const match = /^(VT\d{4}) ([A-Z_]+): ([^{]*)(\{.*?\})?/s.exec(saidByContract(reported));
  const name = match?.[2] as ErrorName | undefined;
  if (!match || name === undefined || !(name in errorTable)) return null;
  return {
    code: errorCode(name),
    name,
    message: (match[3] ?? '').trim(),
    facts: parseFacts(match[4]),
    hint: errorHelp(name),
  };
}

/** The text behind the first mention of an answer. The text after that may quote anything that a caller sent. */
function saidByContract(reported: string): string {
  const mention = /chaincode response \d+, /.exec(reported);
  return mention === null ? reported : reported.slice(mention.index + mention[0].length);
}

function parseFacts(json: string | undefined): ErrorFacts {
  if (json === undefined) return {};
  try {
    return JSON.parse(json) as ErrorFacts;
  } catch {
    return {};
  }
}
