import type { Command } from 'commander';
import { z } from 'zod';
import type { Check } from '@veritrain/member/doctor';
import { commandError } from './errors/commandErrors.js';
import { describeFailure } from './errors/describeFailure.js';
import { table } from './text.js';
import { verb } from './verb.js';

/** `veritrain doctor` */
export function doctorCommand(): Command {
  return verb({
    name: 'doctor',
    summary: 'check keys, clock, vault and the network, with the fix beside each failure',
    details: [
      'The network is looked at as a member may: by the configuration of its channel, by having a question endorsed by each organisation and by all together (nothing is sent to the orderers, nothing written), and by whether orderers and anchor peers answer at their addresses.',
    ],
    examples: ['veritrain doctor --profile hospital', 'veritrain doctor --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { examine } = await import('@veritrain/member/doctor');
      const checks = await examine(session.profile, session.context);
      const failed = checks.filter(({ state }) => state === 'failed');
      const data = { healthy: failed.length === 0, checks };
      const text = table(['', 'check', 'found'], session.named(checks).map(row), 'No check.');
      if (failed.length === 0) return { data, items: checks, text };
      const names = failed.map(({ name }) => name).join(', ');
      const failure = describeFailure(commandError('VT9105', `Not well: ${names}.`));
      return { data, items: checks, text, failure };
    },
  });
}

const marks = { passed: 'ok', failed: 'FAIL', skipped: '-' } as const;

const row = ({ state, name, found, fix }: Check): (string | string[])[] => [
  marks[state],
  name,
  fix === undefined ? found : [found, `fix: ${fix}`],
];
