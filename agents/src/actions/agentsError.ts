import { agentsErrors, type AgentsErrorCode } from './errorTable.js';

export type Facts = Readonly<Record<string, string | number | boolean>>;

/** An error of this package: code, what happened, facts, what to do. Never a secret, never a plaintext. */
export class AgentsError extends Error {
  override readonly name = 'AgentsError';
  readonly title: string;
  readonly hint: string;
  readonly facts: Facts;

  constructor(
    readonly code: AgentsErrorCode,
    /** One sentence: what happened. */
    readonly reason: string,
    { facts, hint, cause }: { facts?: Facts; hint?: string; cause?: unknown } = {},
  ) {
    const entry = agentsErrors[code];
    super(`${code} ${entry.name}: ${reason}`, cause === undefined ? undefined : { cause });
    this.title = entry.name;
    this.hint = hint ?? entry.help;
    this.facts = Object.freeze({ ...facts });
  }
}
