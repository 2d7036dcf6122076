import { z } from 'zod';
import type { MemberHome } from '../home/memberHome.js';
import { StateFile } from '../home/stateFile.js';

/** What of a vault's grant is no secret and worth remembering. */
const grantNoteSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Milliseconds since the epoch; null where the credentials do not expire. */
  expiresAt: z.int().min(0).nullable(),
  /** When it was signed, by its operator’s clock: an older one is not taken again. */
  issuedAt: z.int().min(0).optional(),
  /** The account of the server that the credentials are of. */
  account: z.string().optional(),
});

export type GrantNote = z.infer<typeof grantNoteSchema>;

const fileOf = (home: MemberHome): StateFile<GrantNote> =>
  new StateFile(home.file('vault-grant.json'), grantNoteSchema);

export const readGrantNote = (home: MemberHome): GrantNote | undefined => fileOf(home).read();

export const writeGrantNote = (home: MemberHome, note: Omit<GrantNote, 'schemaVersion'>): void =>
  fileOf(home).write({ schemaVersion: 1, ...note });
