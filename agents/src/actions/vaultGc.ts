import type { OwnObject } from '@veritrain/client-sdk';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { requireParticipant } from './profileFile.js';
import { vaultNeeds } from './vaultNeeds.js';

export interface VaultGcInput {
  /** Younger objects may belong to a step that has not reached the ledger yet, milliseconds: `youngMs` is safe. */
  youngerThanMs: number;
}

/** What lies in a member's place of the vault. */
export interface VaultContents {
  /** The ledger refers to them. */
  needed: OwnObject[];
  /** Nobody refers to them, and yet they are too young to tell. */
  young: OwnObject[];
  /** Nobody refers to them. */
  garbage: OwnObject[];
}

/** Goes through this member's objects in the vault. @throws AgentsError NO_PLACE in a vault without places */
export async function vaultContents(
  member: Member,
  { youngerThanMs }: VaultGcInput,
  context: ActionContext,
): Promise<VaultContents> {
  const { market } = member;
  if (market.ownObjects === undefined) {
    throw new AgentsError('VT9209', 'In this vault nobody can tell whose an object is.', {
      facts: { vault: market.profile.vault.kind },
    });
  }
  const { participantId } = await requireParticipant(member, context);
  const now = Date.now();
  const found: OwnObject[] = [];
  // Listed first: what is put while the ledger is asked is not looked at.
  for await (const object of market.ownObjects(context)) found.push(object);
  const needs = await vaultNeeds(member, participantId, context);
  const contents: VaultContents = { needed: [], young: [], garbage: [] };
  for (const object of found) {
    const unneeded = now - object.modifiedAt < youngerThanMs ? contents.young : contents.garbage;
    (needs.has(object.handle) ? contents.needed : unneeded).push(object);
  }
  return contents;
}

/** Deletes objects of this member's. @returns how many bytes it freed */
export async function freeObjects(
  { market: { vault } }: Member,
  objects: readonly OwnObject[],
  { signal, progress }: ActionContext,
): Promise<number> {
  let freedBytes = 0;
  for (const { handle, sizeBytes } of objects) {
    signal?.throwIfAborted();
    await vault.delete(handle, { signal });
    freedBytes += sizeBytes;
    progress?.(`freed ${sizeBytes} bytes`);
  }
  return freedBytes;
}
