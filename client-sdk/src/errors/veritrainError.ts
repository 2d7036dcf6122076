import { type SdkErrorCode, sdkErrors } from './table.js';

/** Facts stand beside the message so that programs need not parse it. Never a secret, never a plaintext. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

export interface VeritrainErrorProperties {
  readonly code: string;
  /** The code's name, such as `NOT_APPROVED`. */
  readonly title: string;
  /** One sentence: what happened. */
  readonly reason: string;
  readonly facts?: ErrorFacts;
  readonly hint: string;
  readonly transactionId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error family of the SDK, for what it finds itself (VT8nnn) and for what the contract refuses
 * (`VTnnnn NAME: …`). `message` starts with code and title, so a log line alone can be looked up.
 */
export class VeritrainError extends Error {
  override readonly name = 'VeritrainError';
  readonly code: string;
  readonly title: string;
  readonly reason: string;
  readonly facts: ErrorFacts;
  readonly hint: string;
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

interface Circumstances {
  /** In place of the table's, where more is known. */
  readonly hint?: string | undefined;
  readonly facts?: ErrorFacts;
  readonly transactionId?: string | undefined;
  readonly cause?: unknown;
}

/** An error of the SDK's own table, with title and hint filled in from it. */
export function sdkError(
  code: SdkErrorCode,
  reason: string,
  { hint, ...circumstances }: Circumstances = {},
): VeritrainError {
  const { name, help } = sdkErrors[code];
  return new VeritrainError({ code, title: name, reason, hint: hint ?? help, ...circumstances });
}

/** True for an error of this family with one of the given codes (any code when none is given). */
export function isVeritrainError(error: unknown, ...codes: string[]): error is VeritrainError {
  return error instanceof VeritrainError && (codes.length === 0 || codes.includes(error.code));
}
