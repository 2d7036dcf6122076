import type { TrainCouple } from '@veritrain/client-sdk';
import { endorsed, marketOf, type RoleContext } from '../role.js';

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
    // The rest of the record goes on changing.
    const { datasetId, modelOwnerId, dataOwnerId, terms } = couple;
    const agreed = { coupleId, datasetId, modelOwnerId, dataOwnerId, terms };
    this.known.set(coupleId, agreed);
    return agreed;
  }

  /** The couple ended. */
  forget(coupleId: string): void {
    this.known.delete(coupleId);
  }
}
