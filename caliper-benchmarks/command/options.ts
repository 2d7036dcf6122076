import { z } from 'zod';
import { readArguments } from './arguments.js';
import { chapterNames } from './chapters/chapter.js';
import { chapters } from './chapters/chapters.js';

export const command = 'npm run bench:caliper --';

const measured = [...chapters.values()].filter(({ name }) => name !== 'quick');

export const help = `${command} [options]

Runs Hyperledger Caliper's workloads of a market on an embedded ledger and on
real Fabric, each started for it, and prints a table and one line of JSON. What
it does goes to stderr; Caliper's reports stay in caliper-benchmarks/results/.

  --chapter <name>    what to measure; may be repeated (default comparison,
                      which has every ratio)
  --quick             everything for a few seconds, to see that it works
  --network <which>   embedded, fabric or both (default both; Fabric where its
                      programs are found)
  --only <round>      rounds of this label alone, such as noop or SubmitUpdate;
                      may be repeated
  --postgres <url>    a PostgreSQL that runs already (default: one of this
                      machine's programs is started)
  --page              write docs/benchmarks.md and its pictures from what is
                      measured now, and what was measured before of the other
                      chapters
  --format <format>   text, or json: the line alone (default text)
  --help              this text

Chapters, with the minutes that they take on two idle cores:
${measured.map(({ name, about, minutes }) => `  ${name.padEnd(14)}${minutes.toString().padStart(3)}  ${about}`).join('\n')}
  ${'all'.padEnd(14)}     the whole page

Examples:
  ${command} --quick
  ${command} --network fabric --only noop --only mix
  ${command} --chapter load --chapter peers --page
  npm run -s bench:caliper -- --format json
`;

const schema = z
  .strictObject({
    chapter: z.array(z.enum([...chapterNames.filter((name) => name !== 'quick'), 'all'])).optional(),
    quick: z.boolean().default(false),
    network: z.enum(['embedded', 'fabric', 'both']).default('both'),
    only: z.array(z.string().min(1)).optional(),
    postgres: z.string().min(1).optional(),
    page: z.boolean().default(false),
    format: z.enum(['text', 'json']).default('text'),
  })
  .refine(({ quick, chapter }) => !(quick && chapter !== undefined), {
    message: '--quick has no chapters',
    path: ['chapter'],
  })
  .refine(({ page, quick, only, network }) => !page || (!quick && only === undefined && network === 'both'), {
    message: 'the page needs whole chapters on both networks',
    path: ['page'],
  })
  .transform(({ chapter = ['comparison'], quick, ...rest }) => ({
    ...rest,
    quick,
    chapters: quick
      ? [...chapters.values()].filter(({ name }) => name === 'quick')
      : measured.filter(({ name }) => chapter.includes('all') || chapter.some((asked) => asked === name)),
  }));
export type Options = z.output<typeof schema>;

/** @returns undefined where help is asked for. @throws WRONG_ARGUMENT */
export const readOptions = (): Options | undefined =>
  readArguments({
    command,
    options: {
      chapter: { type: 'string', multiple: true },
      quick: { type: 'boolean' },
      network: { type: 'string' },
      only: { type: 'string', multiple: true },
      postgres: { type: 'string' },
      page: { type: 'boolean' },
      format: { type: 'string' },
    },
    schema,
  });
