import { newId, participantIdOf, type Market } from '@veritrain/client-sdk';

/** A new id that this member alone can register. */
export const newOwnId = (
  prefix: 'ds' | 'md' | 'tc',
  { place, keyring }: Pick<Market, 'place' | 'keyring'>,
): string => newId(prefix, { ...place, ownerId: participantIdOf(keyring) });
