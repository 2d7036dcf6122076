import type { Command } from 'commander';
import { z } from 'zod';
import { statusOfCode } from './errors/describeFailure.js';
import { fields, wrap } from './text.js';
import { verb } from './verb.js';

/** `veritrain explain CODE` */
export function explainCommand(): Command {
  return verb({
    name: 'explain',
    summary: 'what an error code means and what to do about it',
    arguments: [['[code]', 'such as VT0203; without it, all codes']],
    local: true,
    examples: ['veritrain explain VT9101', 'veritrain explain --format json'],
    input: z.strictObject({ code: z.string().trim().toUpperCase().optional() }),
    run: async ({ code }) => {
      const { explainCode, listCodes } = await import('./explainCode.js');
      if (code === undefined) {
        const codes = await listCodes();
        const text = codes.map((entry) => `${entry.code}  ${entry.title}`).join('\n');
        return { data: { codes }, items: codes, text };
      }
      const entry = await explainCode(code);
      const status = statusOfCode(entry.code);
      const text = [
        fields([
          ['Code', entry.code],
          ['Name', entry.title],
          ['Found by', entry.foundBy],
          ['Exit status', status],
        ]),
        ...wrap(entry.help, 80, ''),
      ];
      return { data: { ...entry, exitStatus: status }, text: text.join('\n') };
    },
  });
}
