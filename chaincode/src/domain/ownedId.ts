import { base32 } from './base32.js';
import { canonicalHashBytes, type LedgerContext } from './hash.js';

/** Prefixes of the records that clients name: datasets, models, couples and configuration proposals. */
export type OwnedPrefix = 'ds' | 'md' | 'tc' | 'cf';

/** The owner of a named record, and its ledger. */
export interface IdOwner extends LedgerContext {
  /** A participant's id; an organisation's MSP id for a proposal. */
  readonly ownerId: string;
}

export const ownedNameCharacters = 10;
const tagCharacters = 20;
const ownedForm = /^(ds|md|tc|cf)_([a-z2-7]{10})([a-z2-7]{20})$/;

const tagOf = (prefix: string, name: string, { channel, chaincode, ownerId }: IdOwner): string =>
  base32(
    canonicalHashBytes('veritrain/owned-id/1', [channel, chaincode, prefix, ownerId, name]),
    tagCharacters,
  );

/**
 * An id that only its owner can register. It has 10 characters of the owner's choice and 20 (100 bits) that follow from
 * them, from the owner and from the ledger. Another member that sees the id in a proposal cannot register it first.
 *
 * @param name 10 of a-z and 2-7
 */
export const ownedId = (prefix: OwnedPrefix, name: string, owner: IdOwner): string =>
  `${prefix}_${name}${tagOf(prefix, name, owner)}`;

/**
 * Whether an id has the form of {@link ownedId} and follows from another owner. An id of another form belongs to the
 * first member that registers it.
 */
export function isOwnedByAnother(id: string, owner: IdOwner): boolean {
  const [, prefix, name, tag] = ownedForm.exec(id) ?? [];
  return prefix !== undefined && name !== undefined && tag !== tagOf(prefix, name, owner);
}
