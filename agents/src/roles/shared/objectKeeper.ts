import { digestOf } from '@veritrain/client-sdk/vault';
import { isClosed, isIntact, putOwn } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import type { StepName } from '../../runtime/crashPoint.js';
import type { StepFacts } from '../../runtime/steps.js';
import { marketOf, type RoleContext } from '../role.js';

/** An object of the vault that this member can put again. */
export interface RestorableObject {
  /** What it is, in words. */
  readonly what: string;
  readonly handle: string;
  readonly content: Uint8Array;
  /** It is sealed to its readers already. */
  readonly sealed?: boolean;
  readonly step: StepName;
  readonly facts: StepFacts;
}

/** Reading an object back costs a download. */
const checkEveryMs = 5_000;

/** Looks after what others need of this member in the vault: what is missing or was changed there is put again. */
export class ObjectKeeper {
  private readonly checkedAt = new Map<string, number>();

  constructor(
    private readonly context: RoleContext,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param find the object, asked for only when a check is due; undefined where this member holds no copy */
  async ensure(
    key: string,
    find: () => RestorableObject | undefined | Promise<RestorableObject | undefined>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.isDue(key)) return;
    const object = await find();
    if (object === undefined) return;
    try {
      await this.repair(object, signal);
    } catch (error) {
      // What is to be done on the ledger does not wait for the vault.
      if (!isClosed(error)) throw error;
      const { code, message } = describeFailure(error);
      this.context.logger.warn({ code, what: object.what, ...object.facts }, message);
    }
  }

  private async repair(object: RestorableObject, signal: AbortSignal): Promise<void> {
    const { what, handle, content, sealed, facts } = object;
    if (await isIntact(marketOf(this.context).vault, { handle, digest: digestOf(content), sealed, signal }))
      return;
    this.context.logger.warn({ code: 'VT9206', what, ...facts }, 'lost from the vault, put again');
    await this.put(object, signal);
  }

  put({ handle, content, sealed, step, facts }: RestorableObject, signal: AbortSignal): Promise<void> {
    return this.context.steps.run(step, facts, async (note) => {
      const { sizeBytes } = await putOwn(marketOf(this.context).vault, content, {
        handle,
        sealed,
        signal,
      });
      note({ bytes: sizeBytes });
    });
  }

  /** Nothing whose key begins like this is needed any more. */
  forget(prefix: string): void {
    for (const key of this.checkedAt.keys()) if (key.startsWith(prefix)) this.checkedAt.delete(key);
  }

  /** The first time it is new: it was just put. */
  private isDue(key: string): boolean {
    const last = this.checkedAt.get(key);
    if (last !== undefined && this.now() - last < checkEveryMs) return false;
    this.checkedAt.set(key, this.now());
    return last !== undefined;
  }
}
