import { digestOf } from '@veritrain/client-sdk/vault';
import { isClosed, isIntact, putOwn } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import type { StepFacts, StepName } from '../../runtime/steps.js';
import type { RoleContext } from '../role.js';

/** An object of the vault that this member can upload again. */
export interface RestorableObject {
  /** What the log calls it. */
  readonly what: string;
  readonly handle: string;
  readonly content: Uint8Array;
  /** The content is sealed to its readers already. */
  readonly sealed?: boolean;
  readonly step: StepName;
  readonly facts: StepFacts;
}

/** To read an object back costs a download. */
const checkEveryMs = 5_000;

/** Says when a check of each key is due again. */
export class CheckTimes {
  private readonly lastAt = new Map<string, number>();

  constructor(
    private readonly everyMs: number,
    private readonly isFirstDue: boolean,
    private readonly now: () => number,
  ) {}

  /** Whether a check of the key is due; if so, it counts as done. */
  take(key: string): boolean {
    const last = this.lastAt.get(key);
    if (last !== undefined && this.now() - last < this.everyMs) return false;
    this.lastAt.set(key, this.now());
    return last !== undefined || this.isFirstDue;
  }

  forget(prefix: string): void {
    for (const key of this.lastAt.keys()) if (key.startsWith(prefix)) this.lastAt.delete(key);
  }
}

/** Repairs the objects that others need of this member in the vault: a lost or changed one is uploaded again. */
export class ObjectKeeper {
  /** The first check of an object is not due: it was just uploaded. */
  private readonly checks = new CheckTimes(checkEveryMs, false, () => performance.now());

  constructor(private readonly context: RoleContext) {}

  /** @param find called only when a check is due; undefined where this member holds no copy */
  async ensure(
    key: string,
    find: () => RestorableObject | undefined | Promise<RestorableObject | undefined>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.checks.take(key)) return;
    const object = await find();
    if (object === undefined) return;
    try {
      await this.repair(object, signal);
    } catch (error) {
      // Steps on the ledger do not wait for the vault.
      if (!isClosed(error)) throw error;
      const { code, message } = describeFailure(error);
      this.context.logger.warn({ code, what: object.what, ...object.facts }, message);
    }
  }

  private async repair(object: RestorableObject, signal: AbortSignal): Promise<void> {
    const { what, handle, content, sealed, facts } = object;
    if (await isIntact(this.context.market.vault, { handle, digest: digestOf(content), sealed, signal }))
      return;
    this.context.logger.warn({ code: 'VT9206', what, ...facts }, 'lost from the vault, uploaded again');
    await this.put(object, signal);
  }

  put({ handle, content, sealed, step, facts }: RestorableObject, signal: AbortSignal): Promise<void> {
    return this.context.steps.run(step, facts, async (note) => {
      const { sizeBytes } = await putOwn(this.context.market.vault, content, {
        handle,
        sealed,
        signal,
      });
      note({ bytes: sizeBytes });
    });
  }

  /** Objects whose key has this prefix are no longer needed. */
  forget(prefix: string): void {
    this.checks.forget(prefix);
  }
}
