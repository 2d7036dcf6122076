import { createHmac } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';

/** Who is to read an object, and for how long it is kept. */
export interface Audience {
  /** A participant's id, or `everyMember`. */
  readonly to: string;
  /** Needed for a round only: a server may let it expire by itself. */
  readonly brief?: boolean | undefined;
}

/** Whose object it is, and who is to read it. */
export interface Route extends Audience {
  /** The participant who puts the object. */
  readonly from: string;
}

/** Stands for every member as the reader of an object. */
export const everyMember = 'members';

/**
 * Makes a name that the keyring or the content gives (64 hex digits) into the handle of a vault. Where members have
 * places of their own in the vault, the handle says in whose place the object lies and who may read it there; to
 * whoever does not have the market's key, places are random numbers.
 */
export interface Handles {
  /** The handle of an object that this member puts. @throws PLACE_UNKNOWN where the profile does not say who this is */
  own(name: string, audience: Audience): string;
  /** The handle of another member's object. */
  of(name: string, route: Route): string;
}

/** In a vault without places every member reads and writes everything: the name is the handle. */
export const plainHandles: Handles = { own: (name) => name, of: (name) => name };

/** Begins the handle of an object that a server may let expire. */
export const briefMark = 'b';

/** 96 bits: they name a member's prefix, and guessing one gives nobody access. */
const placeDigits = 24;

/** A participant's place in a market's vault: 24 hex digits. */
export function placeOf(key: Uint8Array, participantId: string): string {
  const mac = createHmac('sha256', key).update('veritrain/vault-place/1\0').update(participantId);
  return mac.digest('hex').slice(0, placeDigits);
}

/** Handles in a vault with places. @param key the 32 bytes that a market's members share */
export function placedHandles(key: Uint8Array, participantId: string | undefined): Handles {
  const of = (name: string, { from, to, brief }: Route): string =>
    `${brief === true ? briefMark : ''}${placeOf(key, from)}${placeOf(key, to)}${name}`;
  return {
    of,
    own: (name, audience) => {
      if (participantId === undefined)
        throw sdkError('VT8220', 'The profile does not say which participant this is.');
      return of(name, { from: participantId, ...audience });
    },
  };
}
