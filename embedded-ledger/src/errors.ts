/** Every failure of the ledger itself, as opposed to a transaction. */
export type LedgerErrorCode =
  | 'OPTIONS_INVALID'
  | 'CHAINCODE_INVALID'
  | 'CHAINCODE_UNREACHABLE'
  | 'DATA_IN_USE'
  | 'DATA_MISMATCH'
  | 'DATA_CORRUPT'
  | 'SYSTEM_FAILED'
  | 'PORT_IN_USE'
  | 'ADDRESS_UNUSABLE'
  | 'LEDGER_CLOSED';

/** What there is to know about an error, by name. */
export type LedgerErrorFacts = Readonly<Record<string, string | number | boolean>>;

/** An error with its message (what happened), facts and hint (what to do). */
export class LedgerError extends Error {
  /** Always LedgerError. */
  override readonly name = 'LedgerError';

  constructor(
    /** What is wrong. */
    readonly code: LedgerErrorCode,
    message: string,
    /** What to do. */
    readonly hint: string,
    /** What there is to know, by name. */
    readonly facts: LedgerErrorFacts = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** One line for a terminal: `CODE message (fact=value …). hint`. */
  describe(): string {
    const facts = Object.entries(this.facts).map(([name, value]) => `${name}=${String(value)}`);
    const inBrackets = facts.length > 0 ? ` (${facts.join(', ')})` : '';
    return `${this.code} ${this.message}${inBrackets}. ${this.hint}`;
  }
}

/** The text of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
