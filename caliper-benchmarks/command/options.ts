import { parseArgs } from 'node:util';
import { AgentsError } from '@veritrain/agents';
import { z } from 'zod';

export const help = `npm run bench:caliper -- [options]

Runs Hyperledger Caliper's workloads of a market on an embedded ledger and on real Fabric, each started for it, and
prints a table and one line of JSON. What it does goes to stderr; Caliper's reports stay in caliper-benchmarks/results/.

  --quick              everything for a few seconds, to see that it works (3 minutes)
  --network <which>    embedded, fabric or both (default both; Fabric where its programs are found)
  --only <round>       only rounds of this label, such as noop or SubmitUpdate; may be repeated
  --format <format>    text or json: the line alone (default text)
  --help               this text

Examples:
  npm run bench:caliper -- --quick
  npm run -s bench:caliper -- --network fabric --only noop --only mix --format json
`;

const options = z.strictObject({
  quick: z.boolean().default(false),
  network: z.enum(['embedded', 'fabric', 'both']).default('both'),
  only: z.array(z.string().min(1)).optional(),
  format: z.enum(['text', 'json']).default('text'),
});
export type Options = z.output<typeof options>;

/** @returns undefined where help is asked for. @throws AgentsError WRONG_ARGUMENT */
export function readOptions(): Options | undefined {
  const { help: wantsHelp = false, ...given } = parsed();
  if (wantsHelp) return undefined;
  const checked = options.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw wrongArgument(`--${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function parsed() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean' },
        network: { type: 'string' },
        only: { type: 'string', multiple: true },
        format: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrongArgument(error instanceof Error ? error.message : String(error));
  }
}

export const wrongArgument = (what: string): AgentsError =>
  new AgentsError('VT9001', what, { hint: 'See npm run bench:caliper -- --help.' });
