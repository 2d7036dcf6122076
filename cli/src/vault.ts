import type { Command } from 'commander';
import { z } from 'zod';
import { fields } from './text.js';
import { participantOrName } from './values.js';
import { gc } from './vaultGc.js';
import { init } from './vaultInit.js';
import { noun, verb } from './verb.js';

/** `veritrain vault …` */
export function vaultCommand(): Command {
  return noun('vault', "the market's vault: init, use, gc", [init(), use(), gc()]);
}

function use(): Command {
  return verb({
    name: 'use',
    summary: "take the place that was granted to this profile in the market's vault",
    details: [
      'The grant is sealed to this participant and signed by the operator of the vault. A renewal by the operator that the profile names is taken at once. Any other change (operator, endpoint, bucket, TLS root, account, key) is shown and needs a yes: compare the operator’s id over another channel first.',
      'Its credentials and the market’s key go into files of the profile that only their owner can read.',
      'Credentials expire. A new grant is taken the same way; an agent that runs reads the new credentials by itself.',
    ],
    arguments: [['<grant>', 'the file that `veritrain vault init` wrote for this participant']],
    options: [
      ['--operator <participant>', 'the vault’s operator, by id or name (default: the one in the profile)'],
    ],
    asks: true,
    examples: [
      'veritrain vault use pt_jmgsisv3pazetktanlt4v5r4dk.grant --profile alder',
      'veritrain vault use alder.grant --operator cloud --yes --profile alder',
    ],
    input: z.strictObject({ grant: z.string().min(1), operator: participantOrName.optional() }),
    run: async ({ grant: path, operator }, session) => {
      const { readUserFile } = await import('@veritrain/member/home');
      const { vaultUse } = await import('@veritrain/member/vault');
      const member = await session.member();
      const agree = (changes: readonly string[]): Promise<void> =>
        session.confirm(changes, 'Take the grant?');
      const sealed = readUserFile(path, 'grant');
      const operatorId = operator === undefined ? undefined : await session.idOf(operator);
      const grant = await vaultUse(member, { sealed, operatorId, agree }, session.context);
      const until = grant.expiresAt === null ? 'they are withdrawn' : new Date(grant.expiresAt).toISOString();
      const text = fields([
        ['Vault', `bucket ${grant.bucket} at ${grant.endpoint}`],
        ['Operator', grant.operatorId],
        ['Credentials', `in the profile, good until ${until}`],
      ]);
      return { data: grant, text, next: 'veritrain doctor' };
    },
  });
}
