import type { Participant } from '@veritrain/client-sdk';
import { fingerprintOf, participantIdOf } from '@veritrain/client-sdk/keys';
import { joinTokenMessage, parseInstanceId } from '@veritrain/client-sdk/protocol';
import { type ActionContext, askEndorsed } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { storePackage } from '../vault/storePackage.js';
import { readGrantNote } from '../vault/vaultUse.js';
import { readDatasetFacts } from './datasetFacts.js';
import { encodeInvite, type InviteFile } from './invite.js';

/** A host for a slot. */
export interface Assignment {
  /** The slot, `ci_…`. */
  instanceId: string;
  /** The host, `pt_…`. */
  participantId: string;
}

/** What `inviteHosts` needs. */
export interface InviteHostsInput {
  /** A dataset that was split here, `ds_…`. */
  datasetId: string;
  /** Which host to invite to which slot. */
  assignments: Assignment[];
  /** When the tokens expire, in milliseconds since the epoch. */
  expiresAt: number;
  /** Adds a presigned address of each package, valid for this time, for hosts without an account in the vault. */
  presignMs?: number | undefined;
}

/**
 * Seals each package to its host, stores it in the vault, and makes one file of invites for each host: a handle and a join
 * token for each slot, sealed to the host. A repeated call stores only packages that the vault lost; the tokens of both
 * files stay valid.
 *
 * @throws LOCAL_COPY_MISSING; NOT_WHAT_WAS_PROMISED for a package that was changed on this disk; WRONG_ARGUMENT for an
 * unknown slot, for a member without the role cloudOwner, or for a loan that outlives the grant of the vault; NO_PLACE for a loan
 * in a vault without presigned addresses
 */
export async function inviteHosts(
  member: Member,
  { datasetId, assignments, expiresAt, presignMs }: InviteHostsInput,
  context: ActionContext,
): Promise<InviteFile[]> {
  const facts = readDatasetFacts(member.home, datasetId);
  const hosts = await readHosts(member, assignments, context);
  const dataOwner = comparable(participantIdOf(member.market.keyring));
  const files = new Map<string, InviteFile>();
  for (const { instanceId, participantId } of assignments) {
    const host = hosts.get(participantId);
    const packageDigest = facts.packageDigests[parseInstanceId(instanceId).subsetIndex];
    if (host === undefined || packageDigest === undefined) {
      throw memberError('VT9001', `${datasetId} has no slot ${instanceId}.`, { facts: { instanceId } });
    }
    const invite = await makeInvite(
      member,
      { instanceId, host, packageDigest, expiresAt, presignMs },
      context,
    );
    const file = files.get(participantId) ?? {
      schemaVersion: 2,
      datasetId,
      dataOwner,
      host: comparable(participantId),
      invites: [],
    };
    file.invites.push(invite);
    files.set(participantId, file);
    context.progress?.(`invited ${participantId} to ${instanceId}`);
  }
  return [...files.values()];
}

const comparable = (participantId: string): InviteFile['host'] => ({
  participantId,
  fingerprint: fingerprintOf(participantId),
});

async function readHosts(
  member: Member,
  assignments: readonly Assignment[],
  context: ActionContext,
): Promise<Map<string, Participant>> {
  const hosts = new Map<string, Participant>();
  for (const participantId of new Set(assignments.map((each) => each.participantId))) {
    const host = await askEndorsed(member, 'GetParticipant', { participantId }, context);
    if (!host.roles.includes('cloudOwner')) {
      throw memberError('VT9001', `${participantId} is not a host: it lacks the role cloudOwner.`, {
        facts: { participantId, roles: host.roles.join(' ') },
      });
    }
    hosts.set(participantId, host);
  }
  return hosts;
}

interface SlotInvite {
  instanceId: string;
  host: Participant;
  packageDigest: string;
  expiresAt: number;
  presignMs: number | undefined;
}

async function makeInvite(
  member: Member,
  { instanceId, host, packageDigest, expiresAt, presignMs }: SlotInvite,
  context: ActionContext,
): Promise<InviteFile['invites'][number]> {
  const { keyring, place } = member.market;
  const { participantId } = host;
  const { datasetId, subsetIndex, slot } = parseInstanceId(instanceId);
  const { generation } = await askEndorsed(member, 'GetInstance', { instanceId }, context);
  const token = keyring.sign(
    joinTokenMessage({ ...place, datasetId, subsetIndex, slot, generation, participantId, expiresAt }),
  );
  const packageHandle = await storePackage(member, host, { datasetId, subsetIndex, packageDigest }, context);
  const content = encodeInvite({
    schemaVersion: 2,
    instanceId,
    generation,
    participantId,
    expiresAt,
    token,
    packageDigest,
    packageHandle,
  });
  const sealed = await keyring.seal(host.encryptionKey, content);
  if (presignMs === undefined) return { instanceId, generation, sealed };
  return { instanceId, generation, sealed, lent: await presign(member, host, packageHandle, presignMs) };
}

async function presign(
  { market, home }: Member,
  { encryptionKey }: Participant,
  handle: string,
  expiresInMs: number,
): Promise<string> {
  if (market.presign === undefined) {
    throw memberError('VT9209', 'This vault cannot lend packages.', {
      facts: { vault: market.profile.vault.kind },
    });
  }
  const grantEndsAt = readGrantNote(home)?.expiresAt;
  if (typeof grantEndsAt === 'number' && grantEndsAt < Date.now() + expiresInMs) {
    const until = new Date(grantEndsAt).toISOString();
    throw memberError('VT9001', `An address expires with the credentials that sign it, on ${until}.`, {
      facts: { grantEndsAt: until },
      hint: 'Lend for a shorter time, or take a new grant of the vault first: `veritrain vault use`.',
    });
  }
  return market.keyring.seal(encryptionKey, Buffer.from(await market.presign(handle, { expiresInMs })));
}
