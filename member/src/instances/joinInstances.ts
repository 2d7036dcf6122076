import { isDeepStrictEqual } from 'node:util';
import type { CloudInstance, DatasetView } from '@veritrain/client-sdk';
import { batchOf, packageCommitment, parseInstanceId, verifyJoinToken } from '@veritrain/client-sdk/protocol';
import { type ActionContext, askEndorsed, submit, type Write } from '../calls/action.js';
import { openInvite, type Invite, type InviteFile } from '../datasets/invite.js';
import { memberError } from '../errors/memberError.js';
import { writeAtomically } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { requireParticipant } from '../profile/profileFile.js';
import { fetchPackage, readSealedPackage } from './instancePackage.js';
import {
  choosePresignedSource,
  presignedAddress,
  type AgreeToAddress,
  type PresignedSource,
} from './presignedPackage.js';

/** What one invite file made of a host. */
export interface JoinedInstances {
  /** The slots, in the order of the file, as the ledger has them. */
  instances: CloudInstance[];
  /** The transactions that were submitted, one for each slot. */
  writes: Write[];
}

/**
 * Joins the slots of an invite file: fetches each package, checks it against invite and dataset, keeps it sealed, and
 * commits to it on the ledger. Slots that this host already holds stay as they are.
 *
 * @param agree called before a package is fetched from another host than the vault's: the author of the invite chose it
 * @throws NOT_OURS, OTHER_DATA_OWNER, INVITE_UNSIGNED, SLOT_HELD, CONFIRMATION_MISSING, NOT_WHAT_WAS_PROMISED, LOAN_ENDED;
 * OBJECT_MISSING, ENVELOPE_UNOPENED; refusals of JoinInstance
 */
export async function joinInstances(
  member: Member,
  file: InviteFile,
  context: ActionContext,
  agree: AgreeToAddress = refuse,
): Promise<JoinedInstances> {
  const { participantId } = await requireParticipant(member, context);
  if (file.host.participantId !== participantId) {
    throw memberError(
      'VT9202',
      `This invite is for ${file.host.participantId}, and this profile is ${participantId}.`,
    );
  }
  const instances: CloudInstance[] = [];
  const writes: Write[] = [];
  for (const invite of file.invites) {
    const { result, write } = await joinInstance(member, invite, file.dataOwner, { context, agree });
    instances.push(result);
    writes.push(write);
    context.progress?.(`joined ${result.instanceId}`);
  }
  return { instances, writes };
}

/** What the ledger says of packages. */
type Promised = Pick<DatasetView, 'templateDigest' | 'subsets' | 'aggregation'>;

type PromisedInvite = Invite & { readonly dataset: Promised };

const refuse: AgreeToAddress = (host) =>
  Promise.reject(
    memberError('VT9006', `The package is on ${host}, which is not the vault. This needs a yes.`),
  );

async function joinInstance(
  member: Member,
  { sealed, lent }: InviteFile['invites'][number],
  dataOwner: InviteFile['dataOwner'],
  { context, agree }: { context: ActionContext; agree: AgreeToAddress },
): Promise<{ result: CloudInstance; write: Write }> {
  const invite = await openInvite(member, sealed);
  const dataset = await requireOwner(member, invite.instanceId, dataOwner, context);
  await requireToken(member, invite, dataOwner.participantId, context);
  const { instanceId, generation, participantId, expiresAt, token, packageDigest } = invite;
  const { keyring, place } = member.market;
  const nonce = keyring.packageNonce(instanceId, generation);
  const commitment = packageCommitment(
    { ...place, instanceId, generation, participantId, nonce },
    packageDigest,
  );
  await requireNoOther(member, { instanceId, participantId, commitment }, context);
  await takePackage(member, { ...invite, dataset }, await openPresigned(member, lent, agree), context);
  writeAtomically(member.home.instance(instanceId).invitePath, sealed);
  return submit(
    member,
    'JoinInstance',
    { instanceId, generation, expiresAt, token, nonce, commitment },
    context,
  );
}

/** Checked before anything in the invite is used. @throws INVITE_UNSIGNED */
async function requireToken(
  member: Member,
  { instanceId, generation, participantId, expiresAt, token }: Invite,
  ownerId: string,
  context: ActionContext,
): Promise<void> {
  const { signingKey } = await askEndorsed(member, 'GetParticipant', { participantId: ownerId }, context);
  const slot = parseInstanceId(instanceId);
  const facts = { ...member.market.place, ...slot, generation, participantId, expiresAt };
  if (verifyJoinToken(facts, token, signingKey)) return;
  throw memberError('VT9264', `The invite to ${instanceId} is not signed by the data owner.`, {
    facts: { instanceId, ownerId },
  });
}

/** Anyone can seal an invite to a host: it must not replace a package that the host has committed to. */
async function requireNoOther(
  member: Member,
  {
    instanceId,
    participantId,
    commitment,
  }: Pick<CloudInstance, 'instanceId' | 'participantId' | 'commitment'>,
  context: ActionContext,
): Promise<void> {
  const held = await askEndorsed(member, 'GetInstance', { instanceId }, context);
  if (held.participantId !== participantId || held.commitment === commitment) return;
  throw memberError('VT9208', `This host already holds ${instanceId}, with another package.`, {
    facts: { instanceId, generation: held.generation },
  });
}

/** The user has compared the data owner in the invite: the dataset must be its. @returns the template's digest */
async function requireOwner(
  member: Member,
  instanceId: string,
  { participantId }: InviteFile['dataOwner'],
  context: ActionContext,
): Promise<Promised> {
  const { datasetId } = parseInstanceId(instanceId);
  const dataset = await askEndorsed(member, 'GetDataset', { datasetId }, context);
  const { ownerId } = dataset;
  if (ownerId === participantId) return dataset;
  const said = `The invite names ${participantId} as data owner, but ${datasetId} belongs to ${ownerId}.`;
  throw memberError('VT9112', said, { facts: { datasetId, participantId, ownerId } });
}

/** Fetches the package, and keeps it if it passes the check. */
async function takePackage(
  member: Member,
  invite: PromisedInvite,
  presigned: PresignedSource | undefined,
  context: ActionContext,
): Promise<void> {
  const received = await fetchPackage(member, invite, context, presigned);
  try {
    await checkPackage(member, invite, received.path, context);
    received.keep();
  } catch (error) {
    received.discard();
    throw error;
  }
}

/** @throws ENVELOPE_UNOPENED, FILE_INVALID, LOAN_ENDED, CONFIRMATION_MISSING */
async function openPresigned(
  member: Member,
  lent: string | undefined,
  agree: AgreeToAddress,
): Promise<PresignedSource | undefined> {
  if (lent === undefined) return undefined;
  const bytes = await member.market.keyring.open(lent);
  const opened = presignedAddress.safeParse(Buffer.from(bytes).toString('utf8'));
  if (opened.success) return choosePresignedSource(member, opened.data, agree);
  throw memberError('VT9004', 'The sealed text is not the address of a package.');
}

/** A host accepts only the package that the dataset's own template describes, masked if the dataset has sums only. */
async function checkPackage(
  member: Member,
  { instanceId, packageDigest, dataset }: PromisedInvite,
  path: string,
  context: ActionContext,
): Promise<void> {
  const { subsetIndex } = parseInstanceId(instanceId);
  const found = await readSealedPackage(member, path, packageDigest, context);
  const { templateDigest } = dataset;
  if (
    found?.templateDigest === templateDigest &&
    found.subset === subsetIndex &&
    // Without the masks of its batch an update would say what its subset alone says.
    isDeepStrictEqual(found.batch?.subsets ?? [subsetIndex], batchOf(dataset, subsetIndex))
  )
    return;
  throw memberError('VT9205', `The package for ${instanceId} is not the one that the dataset promises.`, {
    facts: { instanceId, packageDigest },
  });
}
