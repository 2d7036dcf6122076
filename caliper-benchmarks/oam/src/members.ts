import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import type { Member } from './assets.js';
import { newId, write } from './records.js';

export const memberInput = z.strictObject({
  name: z.string().optional(),
  organization: z.string().optional(),
  howMany: z.string().optional(),
});

/** createDO, createMO, createCO: a member with a new id. */
export const createMember =
  (kind: 'do' | 'mo' | 'co') =>
  (context: Context, input: z.output<typeof memberInput>): Promise<Member> =>
    write(context, { id: newId(context, kind), ...input, identity: context.clientIdentity.getID() });
