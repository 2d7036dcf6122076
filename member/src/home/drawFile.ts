import { z } from 'zod';
import type { MemberHome } from './memberHome.js';
import { StateFile } from './stateFile.js';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  datasetId: z.string(),
  /** The last attempt that this data owner saw through: it opened the link, or had the ledger confirm that it expired. */
  attempt: z.int().min(0),
});

/** What a data owner remembers of a couple that it approved, from before the approval on. */
export type DrawNote = z.infer<typeof schema>;

export const drawFile = (home: MemberHome, coupleId: string): StateFile<DrawNote> =>
  new StateFile(home.couple(coupleId).drawPath, schema);
