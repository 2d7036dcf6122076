import type { ErrorName } from '@veritrain/chaincode/domain';
import { type ErrorEntry, type SdkErrorCode, sdkErrors } from './table.js';

/** Facts stand beside the message so that programs need not parse it. Never a secret, never a plaintext. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

/** What a `VeritrainError` is made of. */
export interface VeritrainErrorProperties {
  /** `VT` and four digits. */
  readonly code: string;
  /** The code's name, such as `NOT_APPROVED`. */
  readonly title: string;
  /** One sentence: what happened. */
  readonly reason: string;
  /** What there is to know, by name. */
  readonly facts?: ErrorFacts;
  /** What to do. */
  readonly hint: string;
  /** The transaction that failed, or may yet be committed. */
  readonly transactionId?: string | undefined;
  /** What was thrown below. */
  readonly cause?: unknown;
}

/**
 * The one error family of the SDK, of what is built on it, and of what the contract refuses (`VTnnnn NAME: …`).
 * `message` starts with code and title, so a log line alone can be looked up.
 */
export class VeritrainError extends Error {
  /** Always VeritrainError. */
  override readonly name = 'VeritrainError';
  /** `VT` and four digits. */
  readonly code: string;
  /** The code's name, such as `NOT_APPROVED`. */
  readonly title: string;
  /** One sentence: what happened. */
  readonly reason: string;
  /** What there is to know, by name. Never a secret. */
  readonly facts: ErrorFacts;
  /** What to do. */
  readonly hint: string;
  /** The transaction that failed, or may yet be committed. */
  readonly transactionId: string | undefined;

  constructor(properties: VeritrainErrorProperties) {
    super(`${properties.code} ${properties.title}: ${properties.reason}`, causeOf(properties));
    this.code = properties.code;
    this.title = properties.title;
    this.reason = properties.reason;
    this.facts = Object.freeze({ ...properties.facts });
    this.hint = properties.hint;
    this.transactionId = properties.transactionId;
  }

  /** For logs and `--format json`; the cause stays out, since it may hold a peer's address. */
  toJSON(): Record<string, unknown> {
    const { code, title, message, facts, hint, transactionId } = this;
    return { code, title, message, facts, hint, ...(transactionId === undefined ? {} : { transactionId }) };
  }
}

function causeOf({ cause }: VeritrainErrorProperties): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause };
}

/** What goes with an error beside its code and reason. */
export interface Circumstances {
  /** In place of the table's, where more is known. */
  readonly hint?: string | undefined;
  /** What there is to know, by name. Never a secret. */
  readonly facts?: ErrorFacts;
  /** The transaction that failed, or may yet be committed. */
  readonly transactionId?: string | undefined;
  /** What was thrown below. */
  readonly cause?: unknown;
}

/** Makes a package's own errors: title and hint come from its table. */
export const errorsOf =
  <Code extends string>(table: Readonly<Record<Code, ErrorEntry>>) =>
  (code: Code, reason: string, { hint, ...circumstances }: Circumstances = {}): VeritrainError => {
    const { name, help } = table[code];
    return new VeritrainError({ code, title: name, reason, hint: hint ?? help, ...circumstances });
  };

/** An error of the SDK's own table. */
export const sdkError = errorsOf(sdkErrors);

/** Names of errors that the contract and the SDK find. Packages above the SDK have more. */
export type KnownErrorName = ErrorName | (typeof sdkErrors)[SdkErrorCode]['name'];

/** A name, such as `NOT_OWNER`, or a code, such as `VT0303`. Editors complete the names that are known here. */
export type NameOrCode = KnownErrorName | (string & {});

/** Whether it is an error of this family, with one of the given names or codes; with any where none is given. */
export const isVeritrainError = (error: unknown, ...of: NameOrCode[]): error is VeritrainError =>
  error instanceof VeritrainError && (of.length === 0 || of.includes(error.code) || of.includes(error.title));
