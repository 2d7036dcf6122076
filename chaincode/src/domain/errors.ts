/**
 * Every refusal of the contract. A message starts with the code and the name (`VT0203 NOT_APPROVED: …`) and may
 * end with facts as JSON; `help` says what to do.
 */
export const errorTable = {
  INTERNAL: [
    'VT0001',
    'A fault of the contract itself. Nothing was written. Report it with the transaction id.',
  ],
  INVALID_INPUT: [
    'VT0101',
    'The argument is not one JSON object of the expected shape. The message names the fields; docs/transactions.md has the schema and an example.',
  ],
  INPUT_TOO_LARGE: ['VT0102', 'The argument is over 64 KiB. Send the work in smaller chunks.'],
  UNKNOWN_TRANSACTION: [
    'VT0103',
    'No such transaction. Names are fully qualified, for example RoundContract:SubmitUpdate.',
  ],
  WRONG_CHAINCODE: [
    'VT0104',
    'The contract was called under another chaincode name than the market was configured for, or by another chaincode. Call it directly.',
  ],
  TOO_MANY_AT_ONCE: [
    'VT0105',
    'One transaction touches about 50 keys at most. Send the subsets in several calls.',
  ],
  WRONG_ARGUMENTS: [
    'VT0106',
    'A call is the transaction’s qualified name and one argument, a JSON object in text.',
  ],
  NOT_FOUND: [
    'VT0201',
    'No record has this id. Check the id and the market (channel and chaincode) of your profile.',
  ],
  WRONG_STATE: [
    'VT0202',
    'The record is not in a state that allows this. Look at it again, and at what it waits for.',
  ],
  NOT_APPROVED: ['VT0203', 'The couple is not approved, or no longer. Only an approved couple trains.'],
  CONFLICT: [
    'VT0204',
    'A record with this id exists with other content. Use a new id, or send exactly what was sent before.',
  ],
  MARKET_NOT_CONFIGURED: [
    'VT0205',
    'An administrator of each organisation that is to vote must call ConfigureMarket with the same settings first; `missing` names those who have not.',
  ],
  PROPOSAL_STALE: ['VT0206', 'The market’s configuration changed since this was proposed. Propose it again.'],
  NOT_REGISTERED: ['VT0301', 'The calling identity is no participant. Call RegisterParticipant first.'],
  MISSING_ROLE: [
    'VT0302',
    'The participant lacks the role that this needs. Register an identity with that role.',
  ],
  NOT_OWNER: ['VT0303', 'Only the owner of this record may do that. Check which profile you use.'],
  NOT_HOLDER: [
    'VT0304',
    'The slot is held by another participant. A job belongs to the host that the round’s record names.',
  ],
  IDENTITY_TAKEN: [
    'VT0305',
    'The calling identity is a participant already, under another id. WhoAmI tells which.',
  ],
  NOT_ADMINISTRATOR: [
    'VT0306',
    'Only an administrator of a voting organisation may do that: a certificate with the organisational unit admin, or the attribute veritrain.administrator=true.',
  ],
  ROLE_NOT_CERTIFIED: [
    'VT0307',
    'This market takes roles from certificates, and the caller’s attribute veritrain.roles does not grant them. Enrol with the attribute.',
  ],
  ID_NOT_OF_KEYS: [
    'VT0308',
    'A participant’s id is a hash over its signing and encryption key, and this one stands for other keys. `participantIdOf` makes it.',
  ],
  TICK_TOO_EARLY: ['VT0401', 'The clock was set less than a period ago. Nothing needs to be done.'],
  TICK_OUT_OF_WINDOW: [
    'VT0402',
    'The tick’s timestamp is further from the endorser’s clock than the window. Synchronise clocks and try again.',
  ],
  DEADLINE_PASSED: [
    'VT0403',
    'The deadline for this passed. The record’s “waiting for” says what may happen now.',
  ],
  DEADLINE_NOT_PASSED: [
    'VT0404',
    'This is allowed only after a deadline that has not passed yet. Wait; ticks make time go on.',
  ],
  WINDOW_TOO_WIDE: ['VT0405', 'The window may be half a tick period at most.'],
  DEADLINE_TOO_SHORT: [
    'VT0406',
    'A deadline must last at least 20 tick periods and the market’s least deadline, and round deadlines must follow one another by as much.',
  ],
  DEADLINE_TOO_LONG: [
    'VT0410',
    'A deadline may last as long as the market’s most deadline. GetConfig shows it.',
  ],
  NO_ROOM_FOR_A_ROUND: [
    'VT0411',
    'The five deadlines of a round follow one another by the least deadline or more, so the most must be five times the least.',
  ],
  TOO_FEW_REPLICAS: ['VT0501', 'The market asks for more replicas of each subset.'],
  DATASET_WITHDRAWN: ['VT0502', 'The dataset was withdrawn: it takes no new hosts, requests or approvals.'],
  OUT_OF_RANGE: ['VT0503', 'The dataset has no such subset or slot. Both count from 0.'],
  WRONG_GENERATION: [
    'VT0504',
    'The slot is open under another generation. Ask the data owner for a new invite.',
  ],
  SLOT_TAKEN: ['VT0505', 'Another host holds this slot.'],
  SUBSET_HELD: [
    'VT0506',
    'Nobody holds two slots of one subset, and where the market tells companies apart no company does.',
  ],
  COMPANY_TAG_MISSING: [
    'VT0507',
    'This market asks hosts for a certificate attribute veritrain.company.<dataset>. Enrol with it.',
  ],
  TOKEN_INVALID: [
    'VT0508',
    'The join token is not the data owner’s signature for this participant, slot and generation. Ask for a new invite.',
  ],
  TOKEN_EXPIRED: ['VT0509', 'The join token expired. Ask the data owner for a new invite.'],
  NO_QUORUM_FOR_DIGEST: [
    'VT0510',
    'Fewer than a quorum of the subset’s commitments open with this package digest. Nothing was changed.',
  ],
  PACKAGE_DIGEST_PINNED: [
    'VT0511',
    'Another package digest is pinned for this subset. It cannot be changed.',
  ],
  NOT_READY: ['VT0601', 'Requests open when every subset has a quorum of verified slots.'],
  BEYOND_RULES: ['VT0602', 'The request breaks the dataset’s rules for requests. GetDataset shows them.'],
  HE_KEY_REQUIRED: [
    'VT0603',
    'An encrypted model needs the digest of a homomorphic public key, a plain one must have none.',
  ],
  HE_KEY_USED: [
    'VT0604',
    'The caller used this homomorphic key on this ledger before. Make a new key for each couple.',
  ],
  ANCHOR_USED: [
    'VT0605',
    'The caller used this anchor on this ledger before. Make a new chain for each couple.',
  ],
  LIFETIME_EXHAUSTED: [
    'VT0606',
    'The dataset has not that many of its lifetime rounds left. Release ended couples’ rounds, or reject.',
  ],
  ROUND_UNSETTLED: [
    'VT0607',
    'A round of this couple is open or not settled. Close, tally or expire it first.',
  ],
  WRONG_ATTEMPT: [
    'VT0608',
    'Attempts are numbered without gaps and never reused. The message says which is next.',
  ],
  ROUNDS_EXHAUSTED: [
    'VT0609',
    'The couple has used the rounds or the attempts that were agreed. Finish the training.',
  ],
  WRONG_LINK: ['VT0610', 'This is not the link of this attempt in the anchored chain.'],
  NOT_DRAWN: ['VT0611', 'The round’s record does not name this instance, subset or slot.'],
  NOT_CLOSABLE: [
    'VT0612',
    'Some host has neither committed nor reported, and the commit deadline has not passed. Wait.',
  ],
  UPLOADS_OPEN: ['VT0613', 'Undelivered may be said only after the upload deadline.'],
  NOT_CONTESTED: [
    'VT0614',
    'The subset is neither contested nor left unclosed: there is nothing to reveal or tally.',
  ],
  DIGEST_DOES_NOT_OPEN: ['VT0615', 'The digest does not open the caller’s own commitment.'],
  NO_COMMITMENT: ['VT0616', 'The host made no commitment in this round, so it has nothing to reveal.'],
  NOTHING_RESERVED: ['VT0617', 'The couple never was approved, so it reserved no rounds.'],
  ID_OF_ANOTHER: [
    'VT0619',
    'An id of 30 characters of a-z and 2-7 belongs to the owner that it follows from, and this is not the caller. Let the client make the id, or choose a shorter one.',
  ],
  TOO_MANY_OPEN_REQUESTS: [
    'VT0618',
    'One model owner may have 8 unanswered requests on a dataset. Wait for an answer, or cancel one whose answer deadline passed.',
  ],
} as const satisfies Record<string, readonly [code: string, help: string]>;

export type ErrorName = keyof typeof errorTable;
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

export const errorNames = Object.keys(errorTable) as ErrorName[];
export const errorCode = (name: ErrorName): string => errorTable[name][0];
export const errorHelp = (name: ErrorName): string => errorTable[name][1];

/** A refusal by the rules. Its message is all that crosses the peer. */
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

/** Finds a refusal of the contract in what a peer or gateway reports; null when there is none. */
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

/** What stands behind the first mention of an answer: whatever a caller named may be quoted in what follows. */
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
