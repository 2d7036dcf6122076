import type { TrainCouple } from '@veritrain/client-sdk';
import { endorsed, marketOf, type RoleContext } from './role.js';

/** What the parties of a couple agreed on, and who they are: it never changes, so each is read once, endorsed. */
export type AgreedCouple = Pick<
  TrainCouple,
  'coupleId' | 'datasetId' | 'modelOwnerId' | 'dataOwnerId' | 'terms'
>;

/** The couples whose terms this agent has read for certain. */
export class AgreedCouples {
  private readonly known = new Map<string, AgreedCouple>();

  constructor(private readonly context: RoleContext) {}

  async of(coupleId: string, signal: AbortSignal): Promise<AgreedCouple> {
    const known = this.known.get(coupleId);
    if (known !== undefined) return known;
    const couple = await marketOf(this.context).couples.get({ coupleId }, endorsed(signal));
    this.known.set(coupleId, couple);
    return couple;
  }

  /** The couple ended. */
  forget(coupleId: string): void {
    this.known.delete(coupleId);
  }
}
