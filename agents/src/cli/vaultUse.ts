import type { Command } from 'commander';
import { z } from 'zod';
import { fields } from './text.js';
import { verb } from './verb.js';

/** `veritrain vault use` */
export function use(): Command {
  return verb({
    name: 'use',
    summary: "take the place that was granted to this profile in the market's vault",
    details: [
      'The grant is sealed to this participant. Its credentials and the market’s key go into files of the profile that only their owner can read.',
      'Credentials expire. A new grant is taken the same way; an agent that runs reads the new credentials by itself.',
    ],
    arguments: [['<grant>', 'the file that `veritrain vault init` wrote for this participant']],
    asks: true,
    examples: ['veritrain vault use pt_jmgsisv3pazetktanlt4v5r4dk.grant --profile alder'],
    input: z.strictObject({ grant: z.string().min(1) }),
    run: async ({ grant: path }, session) => {
      const { readUserFile } = await import('../actions/files.js');
      const { vaultUse } = await import('../actions/vaultUse.js');
      const member = await session.member();
      const agree = (what: string): Promise<void> => session.confirm([what], 'Leave the present one for it?');
      const grant = await vaultUse(member, readUserFile(path, 'grant'), session.context, agree);
      const until = grant.expiresAt === null ? 'they are withdrawn' : new Date(grant.expiresAt).toISOString();
      const text = fields([
        ['Vault', `bucket ${grant.bucket} at ${grant.endpoint}`],
        ['Credentials', `in the profile, good until ${until}`],
      ]);
      return { data: grant, text, next: 'veritrain doctor' };
    },
  });
}
