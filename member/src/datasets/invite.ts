import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf, participantIdOf } from '@veritrain/client-sdk/keys';
import {
  compactJweSchema,
  digestSchema,
  es256SignatureSchema,
  instanceIdSchema,
  participantIdSchema,
  vaultHandleSchema,
} from '@veritrain/client-sdk/schemas';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';

/** The sealed part of an invite: the package's handle, and the data owner's token for the slot. */
const inviteSchema = z.strictObject({
  schemaVersion: z.literal(2),
  instanceId: instanceIdSchema,
  generation: z.int().min(1),
  participantId: participantIdSchema,
  /** Market time, milliseconds since the epoch, after which the token is void. */
  expiresAt: z.int(),
  token: es256SignatureSchema,
  /** Digest of the package's clear bytes: each sealing makes other sealed bytes. */
  packageDigest: digestSchema,
  /** Handle of the sealed package in the vault. */
  packageHandle: vaultHandleSchema,
});
export type Invite = z.infer<typeof inviteSchema>;

/** Signed addresses may hold a session token of some kilobytes. */
const maxLentCharacters = 16_384;

/** A member with its fingerprint, so that both sides can compare it over another channel. */
const comparable = z
  .strictObject({ participantId: participantIdSchema, fingerprint: z.string() })
  .refine((of) => of.fingerprint === fingerprintOf(of.participantId), 'is not the fingerprint of the id');

/** The file that the data owner hands to a host, over any channel: only that host can open it. */
export const inviteFileSchema = z.strictObject({
  schemaVersion: z.literal(2),
  datasetId: z.string(),
  dataOwner: comparable,
  host: comparable,
  invites: z
    .array(
      z.strictObject({
        instanceId: instanceIdSchema,
        generation: z.int().min(1),
        sealed: compactJweSchema,
        /** An address to read the package from without an account in the vault, sealed to the host. */
        lent: z.string().max(maxLentCharacters).optional(),
      }),
    )
    .min(1),
});
export type InviteFile = z.infer<typeof inviteFileSchema>;

/** The path of a member's invite file, given that path or its folder. */
export function inviteIn(path: string, { market }: Member): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(path, `${participantIdOf(market.keyring)}.json`) : path;
}

export const encodeInvite = (invite: Invite): Uint8Array => Buffer.from(JSON.stringify(invite));

/** Opens an invite that was sealed to this member. @throws ENVELOPE_UNOPENED, FILE_INVALID */
export async function openInvite(member: Member, sealed: string): Promise<Invite> {
  const bytes = await member.market.keyring.open(sealed);
  try {
    return inviteSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // Without a cause: the bytes hold a token.
    throw memberError('VT9004', 'The sealed text is not an invite.');
  }
}
