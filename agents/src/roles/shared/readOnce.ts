import type { TrainCouple } from '@veritrain/client-sdk';
import type { PublicJwk } from '@veritrain/client-sdk/keys';
import { endorsed, type RoleContext } from '../role.js';

/** Records that never change. Each is read once, endorsed, and then remembered. */
export class ReadOnce<T> {
  private readonly known = new Map<string, T>();

  constructor(private readonly read: (id: string, signal: AbortSignal) => Promise<T>) {}

  async of(id: string, signal: AbortSignal): Promise<T> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const record = await this.read(id, signal);
    this.known.set(id, record);
    return record;
  }

  forget(id: string): void {
    this.known.delete(id);
  }
}

/** What the parties of a couple agreed on, and who they are. The rest of a couple's record changes. */
export type AgreedCouple = Pick<
  TrainCouple,
  'coupleId' | 'datasetId' | 'modelId' | 'modelOwnerId' | 'dataOwnerId' | 'terms'
>;

export const agreedCouples = ({ market }: RoleContext): ReadOnce<AgreedCouple> =>
  new ReadOnce(async (id, signal) => {
    const couple = await market.couples.get({ coupleId: id }, endorsed(signal));
    const { coupleId, datasetId, modelId, modelOwnerId, dataOwnerId, terms } = couple;
    return { coupleId, datasetId, modelId, modelOwnerId, dataOwnerId, terms };
  });

/** The public keys of participants, to seal objects to. */
export const encryptionKeys = ({ market }: RoleContext): ReadOnce<PublicJwk> =>
  new ReadOnce(async (participantId, signal) => {
    const { encryptionKey } = await market.participants.get({ participantId }, endorsed(signal));
    return encryptionKey;
  });
