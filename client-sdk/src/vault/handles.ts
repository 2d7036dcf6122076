import { createHmac } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';

/** Who is to read an object, and for how long it is kept. */
export interface Audience {
  /** A participant's id, or `everyMember`. */
  readonly to: string;
  /** Needed for a round only: a server may let it expire by itself. */
  readonly brief?: boolean | undefined;
}

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
  of(name: string, route: Route): string;
}

/** In a vault without places every member reads and writes everything: the name is the handle. */
export const plainHandles: Handles = { own: (name) => name, of: (name) => name };

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

const briefMark = 'b';
/** Objects that a server may let expire lie below this prefix of the bucket. */
export const briefPrefix = 'brief/';

const placed = /^(b?)([0-9a-f]{24})([0-9a-f]{24})([0-9a-f]{64})$/;
const placedKey = /^(brief\/)?([0-9a-f]{24})\/([0-9a-f]{24})\/([0-9a-f]{64})$/;
const plainKey = /^([A-Za-z0-9_-]{2})\/(\1[A-Za-z0-9_-]{14,126})$/;

/** Where an object lies in a bucket: `<writer>/<reader>/<name>`, or `<first two characters>/<handle>` without places. */
export function keyOfHandle(handle: string): string {
  const [, brief, from, to, name] = placed.exec(handle) ?? [];
  if (name === undefined) return `${handle.slice(0, 2)}/${handle}`;
  return `${brief === briefMark ? briefPrefix : ''}${from ?? ''}/${to ?? ''}/${name}`;
}

/** The handle of what lies under a bucket's key; undefined where no vault put it there. */
export function handleOfKey(key: string): string | undefined {
  const [, brief, from, to, name] = placedKey.exec(key) ?? [];
  if (name !== undefined) return `${brief === undefined ? '' : briefMark}${from ?? ''}${to ?? ''}${name}`;
  return plainKey.exec(key)?.[2];
}
