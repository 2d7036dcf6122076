import type { OwnObject } from '@veritrain/client-sdk/vault';
import type { ActionContext } from '../calls/context.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { requireParticipant } from '../enrolment/profileFile.js';
import { vaultNeeds } from './vaultNeeds.js';
import { isReleased, type Release } from './vaultRelease.js';

interface VaultGcInput {
  /** Younger objects may belong to a step that has not reached the ledger yet, milliseconds: `youngMs` is safe. */
  youngerThanMs: number;
}

/** An object that a record of the ledger lets go. */
interface ReleasedObject extends OwnObject {
  readonly release: Release;
}

/** What lies in a member's place of the vault. */
export interface VaultContents {
  /** The ledger refers to them. */
  needed: OwnObject[];
  /** Nobody refers to them, and yet they are too young to tell. */
  young: OwnObject[];
  /** The ledger says that they are over. */
  garbage: ReleasedObject[];
  /** The ledger says nothing of them. They are kept: one peer that leaves something out must not delete it. */
  unknown: OwnObject[];
}

/** Goes through this member's objects in the vault. @throws NO_PLACE in a vault without places */
export async function vaultContents(
  member: Member,
  { youngerThanMs }: VaultGcInput,
  context: ActionContext,
): Promise<VaultContents> {
  const { market } = member;
  if (market.ownObjects === undefined) {
    throw memberError('VT9209', 'In this vault nobody can tell whose an object is.', {
      facts: { vault: market.profile.vault.kind },
    });
  }
  const { participantId } = await requireParticipant(member, context);
  const now = Date.now();
  const found: OwnObject[] = [];
  // Listed first: what is put while the ledger is asked is not looked at.
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

/** Deletes objects of this member's, each once the record that lets it go was read again. @returns what it freed */
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
