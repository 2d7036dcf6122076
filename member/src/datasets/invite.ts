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

const inviteSchema = z.strictObject({
  /** The form of the invite: 2. */
  schemaVersion: z.literal(2),
  /** The slot, `ci_…`. */
  instanceId: instanceIdSchema,
  /** Which host of the slot the token is for, counted from 1. */
  generation: z.int().min(1),
  /** The invited host, `pt_…`. */
  participantId: participantIdSchema,
  /** Market time, milliseconds since the epoch, after which the token is void. */
  expiresAt: z.int(),
  /** The data owner's signature of slot, generation, host and expiry, which JoinInstance checks. */
  token: es256SignatureSchema,
  /** Digest of the package's clear bytes: each sealing makes other sealed bytes. */
  packageDigest: digestSchema,
  /** Handle of the sealed package in the vault. */
  packageHandle: vaultHandleSchema,
});

/** The sealed part of an invite: the package's handle, and the data owner's token for the slot. */
export interface Invite extends z.infer<typeof inviteSchema> {}

/** Signed addresses may hold a session token of some kilobytes. */
const maxPresignedCharacters = 16_384;

/** A member with its fingerprint, so that both sides can compare it over another channel. */
const comparable = z
  .strictObject({
    /** The member's id, `pt_…`. */
    participantId: participantIdSchema,
    /** The id in digits for people to read aloud: 5 groups of 5. It must belong to the id. */
    fingerprint: z.string(),
  })
  .refine((of) => of.fingerprint === fingerprintOf(of.participantId), 'is not the fingerprint of the id');

/** The file that the data owner hands to a host, over any channel: only that host can open it. */
export const inviteFileSchema = z.strictObject({
  /** The form of the file: 2. */
  schemaVersion: z.literal(2),
  /** The dataset whose slots it offers, `ds_…`. */
  datasetId: z.string(),
  /** The member that invites. The ledger must name it as the dataset's owner. */
  dataOwner: comparable,
  /** The member that is invited. */
  host: comparable,
  /** At least one, one for each slot. */
  invites: z
    .array(
      z.strictObject({
        /** The slot, `ci_…`. */
        instanceId: instanceIdSchema,
        /** Which host of the slot the invite is for, counted from 1. */
        generation: z.int().min(1),
        /** The package's handle and the join token, sealed to the host as a compact JWE. */
        sealed: compactJweSchema,
        /** An address to read the package from without an account in the vault, sealed to the host. */
        lent: z.string().max(maxPresignedCharacters).optional(),
      }),
    )
    .min(1),
});

/** The file of a host's invites to slots of one dataset. See {@link inviteFileSchema}. */
export interface InviteFile extends z.infer<typeof inviteFileSchema> {}

/** The path of a member's invite file, given that path or its folder, where the file is called `<participant id>.json`. */
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
