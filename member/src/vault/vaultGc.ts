import type { OwnObject } from '@veritrain/client-sdk/vault';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { requireParticipant } from '../profile/profileFile.js';
import { vaultNeeds } from './vaultNeeds.js';
import { isReleased, type Release } from './vaultRelease.js';

/**
 * A grace period. The ledger names an object only once the transaction of its step is in a block, so a younger object may be
 * needed. The gap can exceed half an hour: an S3 tolerates 15 minutes between its clock and the member's, a transaction is
 * tried for up to 16 minutes (eight times endorsement, submission and commit), and a step may store a second document first.
 * The rest is for peers that are behind.
 */
export const graceMs = 3_600_000;

/** What `vaultContents` needs beside the member. */
export interface VaultGcInput {
  /** Milliseconds. Younger objects may belong to a step that has not reached the ledger yet: `graceMs` is safe. */
  youngerThanMs: number;
}

/** An object that a record of the ledger releases. */
export interface ReleasedObject extends OwnObject {
  /** The record of the ledger that releases it. */
  readonly release: Release;
}

/** The objects in a member's place of the vault. */
export interface VaultContents {
  /** The ledger refers to them. */
  needed: OwnObject[];
  /** The ledger does not refer to them yet, but still may. */
  young: OwnObject[];
  /** The ledger releases them. */
  garbage: ReleasedObject[];
  /** The ledger says nothing of them. They are kept: a peer that omits a record must not cause a deletion. */
  unknown: OwnObject[];
}

/** Sorts this member's objects in the vault. @throws NO_PLACE in a vault without places */
export async function vaultContents(
  member: Member,
  { youngerThanMs }: VaultGcInput,
  context: ActionContext,
): Promise<VaultContents> {
  const { market } = member;
  if (market.ownObjects === undefined) {
    throw memberError('VT9209', 'In this vault objects have no known owner.', {
      facts: { vault: market.profile.vault.kind },
    });
  }
  const { participantId } = await requireParticipant(member, context);
  const now = Date.now();
  const found: OwnObject[] = [];
  // List first: this ignores objects that are stored while the ledger is queried.
  for await (const object of market.ownObjects(context)) found.push(object);
  const { needed, released } = await vaultNeeds(member, participantId, context);
  const contents: VaultContents = { needed: [], young: [], garbage: [], unknown: [] };
  for (const object of found) {
    const release = released.get(object.handle);
    if (needed.has(object.handle)) contents.needed.push(object);
    else if (now - object.modifiedAt < youngerThanMs) contents.young.push(object);
    else if (release === undefined) contents.unknown.push(object);
    else contents.garbage.push({ ...object, release });
  }
  return contents;
}

/**
 * Deletes objects of this member, each after its releasing record was confirmed by an endorsed read.
 *
 * @returns the deleted ones
 */
export async function freeObjects(
  member: Member,
  objects: readonly ReleasedObject[],
  context: ActionContext,
): Promise<OwnObject[]> {
  const { signal, progress } = context;
  const freed: OwnObject[] = [];
  const answers = new Map<string, boolean>();
  for (const object of objects) {
    signal?.throwIfAborted();
    const { handle, sizeBytes, release } = object;
    const record = JSON.stringify(release);
    const mayGo = answers.get(record) ?? (await isReleased(member, release, context));
    answers.set(record, mayGo);
    if (!mayGo) continue;
    await member.market.vault.delete(handle, { signal });
    freed.push(object);
    progress?.(`freed ${sizeBytes} bytes`);
  }
  return freed;
}
