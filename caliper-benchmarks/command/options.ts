import { z } from 'zod';
import { readArguments } from './arguments.js';
import { chapterNames } from './chapters/chapter.js';
import { chapters } from './chapters/chapters.js';

export const command = 'npm run bench:caliper --';

const measured = [...chapters.values()].filter(({ name }) => name !== 'quick');

export const help = `${command} [options]

Runs Hyperledger Caliper's workloads of a market on an embedded ledger and on
real Fabric, which it starts, and prints a table and one line of JSON. It logs
to stderr. Caliper's reports stay in caliper-benchmarks/results/.

  --chapter <name>    chapter to measure; may be repeated (default comparison,
                      which has every ratio)
  --quick             everything for a few seconds, as a smoke test
  --network <which>   embedded, fabric or both (default both; Fabric where its
                      programs are found)
  --only <round>      only rounds with this label, such as noop or SubmitUpdate;
                      may be repeated
  --postgres <url>    a running PostgreSQL (default: start one from this
                      machine's programs)
  --page              write docs/benchmarks.md and its pictures from the new
                      measurements, and from the previous ones of the other
                      chapters
  --format <format>   text, or json: only the line (default text)
  --help              this text

Chapters, with their minutes on two idle cores:
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
