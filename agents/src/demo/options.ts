import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AgentsError } from '../actions/agentsError.js';

/** The Diabetes table that ships with the package. */
export const builtInTable = fileURLToPath(new URL('../../data/diabetes.csv', import.meta.url));
export const builtInTarget = 'target';

export const demoLimits = { subsets: [2, 1000], replicas: [1, 15], rounds: [1, 1000] } as const;

const wholeNumber = (name: string, [least, most]: readonly [number, number]) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `${name} is a whole number`)
    .transform(Number)
    .pipe(z.int().min(least, `${name} is at least ${least}`).max(most, `${name} is at most ${most}`));

const demoOptionsSchema = z.strictObject({
  data: z.string().min(1, '--data is the path of a CSV file').default(builtInTable),
  target: z.string().min(1, '--target is the name of a column').optional(),
  subsets: wholeNumber('--subsets', demoLimits.subsets).default(3),
  replicas: wholeNumber('--replicas', demoLimits.replicas).default(3),
  rounds: wholeNumber('--rounds', demoLimits.rounds).default(20),
  seed: z
    .string()
    .min(1, '--seed is a text of 1 to 200 characters, such as 7')
    .max(200, '--seed is a text of 1 to 200 characters, such as 7')
    .optional(),
  report: z.string().min(1, '--report is the path of the report to write').default('report.html'),
  keep: z.boolean().default(false),
});

export type DemoOptions = z.infer<typeof demoOptionsSchema>;

/**
 * What `veritrain demo` was asked for, checked.
 * @throws AgentsError VT9001 naming every argument that is wrong
 */
export function parseDemoOptions(given: Readonly<Record<string, unknown>>): DemoOptions {
  const parsed = demoOptionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const value = given[name];
    return typeof value === 'string' ? `${issue.message} (it says "${value.slice(0, 40)}")` : issue.message;
  });
  throw new AgentsError('VT9001', wrong.join('; '), { cause: parsed.error });
}
