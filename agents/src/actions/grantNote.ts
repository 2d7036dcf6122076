import { z } from 'zod';
import type { MemberHome } from '../runtime/memberHome.js';
import { StateFile } from '../runtime/stateFile.js';

/** What of a vault's grant is no secret and worth remembering. */
const grantNoteSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Milliseconds since the epoch; null where the credentials do not expire. */
  expiresAt: z.int().min(0).nullable(),
});

type GrantNote = z.infer<typeof grantNoteSchema>;

const fileOf = (home: MemberHome): StateFile<GrantNote> =>
  new StateFile(home.file('vault-grant.json'), grantNoteSchema);

export const readGrantNote = (home: MemberHome): GrantNote | undefined => fileOf(home).read();

export const writeGrantNote = (home: MemberHome, expiresAt: number | null): void =>
  fileOf(home).write({ schemaVersion: 1, expiresAt });
