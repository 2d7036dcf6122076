import type { Command } from 'commander';
import { z } from 'zod';
import { privacyOf, privacyOptions, privacyValues } from '../privacyOptions.js';
import { recipeChoicesOf, recipeOptions, recipeValues, testShareValue } from '../recipeOptions.js';
import { csvOptionsOf, tableOptions, tableValues } from '../tableOptions.js';
import { count } from '../values.js';
import { familyNames } from '../modelFamilies.js';
import { tasks, wishOptions } from '../wishOptions.js';
import { verb } from '../verb.js';

const text = (what: string, maxCharacters: number) =>
  z
    .string()
    .min(1, `must be ${what}`)
    .max(maxCharacters, `must be ${what} of at most ${maxCharacters} characters`);

/** The arguments of `veritrain demo`. Without a table it takes the one that ships with the demo. */
export const demoInput = z.strictObject({
  data: text('the path of a CSV or Parquet file', 4096).optional(),
  target: text('the name of a column', 200).default('target'),
  task: z.enum(tasks).default('auto'),
  family: z.enum(familyNames).optional(),
  features: text('a feature map', 200).optional(),
  ...recipeValues,
  missing: recipeValues.missing.default('fill'),
  testShare: testShareValue.optional(),
  ...privacyValues,
  ...tableValues,
  subsets: count(2, 1000).default(3),
  aggregation: z.enum(['perSubset', 'sum']).default('perSubset'),
  replicas: count(1, 15).default(3),
  rounds: count(1, 5000).default(20),
  seed: text('a word or a number', 200).optional(),
  report: text('the path of the file to write', 4096).default('report.html'),
  fabric: z.boolean().default(false),
  minio: z.boolean().default(false),
  keep: z.boolean().default(false),
  untilStdinEnds: z.boolean().default(false),
});

/** `veritrain demo` */
export function demoCommand(): Command {
  return verb({
    name: 'demo',
    summary: 'run a whole market on this machine, on any table',
    details: [
      'Starts a ledger, a data owner, hosts and a model owner, each a process of its own, with the commands that their operators would use. The table is split and handed out, a model is trained encrypted, one host lies and is caught. A target of two values or of texts is learnt as classes, any other as a number, by the first family that fits; --family and --features choose otherwise, and what does not fit is refused before anything starts. With --format json it prints one object, and nothing else, to stdout.',
      'Any table works that has 30 to 100,000 rows, and columns of numbers or of categories that make 1 to 1,024 features. Missing values are filled unless --missing refuse is given; a fifth of the rows is set aside to test the model.',
    ],
    options: [
      ['--data <file>', 'CSV with a header line, or Parquet (default: the Diabetes table)'],
      ['--target <column>', 'the column to predict (default: target)'],
      ...wishOptions,
      ...recipeOptions,
      [
        '--test-share <part>',
        'part of the rows to test on, 0.01 to 0.5, or 0 for none (default: 0.2 where they are enough)',
      ],
      ...tableOptions,
      ...privacyOptions,
      ['--subsets <m>', 'parts into which the rows are split, from 2 (default: 3)'],
      [
        '--aggregation <rule>',
        'perSubset, or sum: the model owner learns sums over batches of three parts or more alone (default: perSubset)',
      ],
      ['--replicas <n>', 'hosts for each part, from 1; from 3 on a liar can be convicted (default: 3)'],
      ['--rounds <r>', 'rounds of training (default: 20)'],
      ['--seed <s>', 'derive every secret, key, id and draw from this text, to repeat a run exactly'],
      ['--report <file>', 'where to write the picture of the run (default: report.html)'],
      ['--fabric', 'on real Fabric and Fabric CA in place of the embedded ledger'],
      ['--minio', 'with the vault in MinIO (an S3) in place of a folder'],
      ['--keep', 'leave all profiles, logs and the ledger where they are'],
      ['--until-stdin-ends', 'stop when standard input ends'],
    ],
    local: true,
    examples: [
      'veritrain demo',
      'veritrain demo --data houses.csv --target price --subsets 5 --rounds 30',
      'veritrain demo --data patients.csv --target died --task classification --rounds 5',
      'veritrain demo --family linear --features random-layer:units=30 --rounds 8',
      'veritrain demo --data churn.csv --target Churn --drop customerID',
      'veritrain demo --epsilon 3',
      'veritrain demo --subsets 6 --aggregation sum',
      'veritrain demo --fabric --minio',
      'veritrain demo --seed 7 --format json',
    ],
    input: demoInput,
    afterInterrupt:
      'Call it again for a new market. This one has ended; without --keep nothing of it is left.',
    run: async ({ untilStdinEnds, epsilon, delta, clip, bounds, ...options }, session) => {
      const { demonstrate } = await import('./demonstrate.js');
      const table = { written: csvOptionsOf(options), recipe: recipeChoicesOf(options) };
      const privacy = await privacyOf({ epsilon, delta, clip, bounds });
      const noise = privacy && { ...privacy, observed: true };
      return demonstrate({ ...options, ...table, privacy: noise }, untilStdinEnds, session);
    },
  });
}
