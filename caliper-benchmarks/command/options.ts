import { z } from 'zod';
import { readArguments } from './arguments.js';

export const command = 'npm run bench:caliper --';

export const help = `${command} [options]

Runs Hyperledger Caliper's workloads of a market on an embedded ledger and on
real Fabric, each started for it, and prints a table and one line of JSON. What
it does goes to stderr; Caliper's reports stay in caliper-benchmarks/results/.

  --quick             everything for a few seconds, to see that it works
  --network <which>   embedded, fabric or both (default both; Fabric where its
                      programs are found)
  --only <round>      rounds of this label alone, such as noop or SubmitUpdate;
                      may be repeated
  --format <format>   text, or json: the line alone (default text)
  --help              this text

Examples:
  ${command} --quick
  ${command} --network fabric --only noop --only mix
  npm run -s bench:caliper -- --network embedded --format json
`;

const schema = z.strictObject({
  quick: z.boolean().default(false),
  network: z.enum(['embedded', 'fabric', 'both']).default('both'),
  only: z.array(z.string().min(1)).optional(),
  format: z.enum(['text', 'json']).default('text'),
});
export type Options = z.output<typeof schema>;

/** @returns undefined where help is asked for. @throws AgentsError WRONG_ARGUMENT */
export const readOptions = (): Options | undefined =>
  readArguments({
    command,
    options: {
      quick: { type: 'boolean' },
      network: { type: 'string' },
      only: { type: 'string', multiple: true },
      format: { type: 'string' },
    },
    schema,
  });
