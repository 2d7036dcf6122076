import type { ColumnRecipe, MadeUpRows, Template } from '@veritrain/training';
import type { Command } from 'commander';
import { plural } from '@veritrain/member/text';
import { z } from 'zod';
import { privacyText } from './privacyOptions.js';
import { fields, table } from './text.js';
import { count, datasetId } from './values.js';
import { verb } from './verb.js';

/** Beside each other in 80 columns. */
const shownRows = 3;
/** Below each other; the target is shown in any case. */
const shownColumns = 40;

/** `veritrain dataset template` */
export function template(): Command {
  return verb({
    name: 'template',
    summary: 'the columns and statistics of a dataset, never a row',
    details: [
      'This is all that a model owner sees of a table before it trains: how columns become features, their means and standard deviations (of a 1-or-0 feature, the mean is the share of rows). The rows that are shown are made up from these figures, column by column: nobody has them.',
    ],
    arguments: [['<dataset>', 'the dataset']],
    options: [
      [
        '--rows <n>',
        `made-up rows in the answer (default ${shownRows}; the text shows ${shownRows} at most)`,
      ],
    ],
    examples: [
      'veritrain dataset template ds_patients',
      'veritrain dataset template ds_patients --rows 100 --format json',
    ],
    input: z.strictObject({ dataset: datasetId, rows: count(0, 1000).default(shownRows) }),
    run: async ({ dataset, rows }, session) => {
      const { templateOf } = await import('@veritrain/member/models');
      const { madeUpRows } = await import('@veritrain/training');
      const of = await templateOf(await session.member(), dataset, session.context);
      const madeUp = madeUpRows(of, rows);
      return {
        data: { datasetId: dataset, ...of, madeUpRows: madeUp },
        text: [...describe(dataset, of), ...(rows === 0 ? [] : ['', madeUpText(madeUp)])].join('\n'),
      };
    },
  });
}

function describe(dataset: string, of: Template): string[] {
  const { means, scales, targetMean, targetScale } = of.statistics;
  const number = (value: number | undefined): string => (value ?? 0).toPrecision(6);
  const { classes, columns = [] } = of.recipe ?? {};
  const special = columns.map(columnText).filter((line) => line !== undefined);
  const more = of.columns.length - shownColumns;
  return [
    fields([
      ['Dataset', dataset],
      ['Rows', `${of.rows}, in subsets of ${of.subsetRows.join(', ')}`],
      ['Classes', classes?.map((text, value) => `${text} is ${value}`).join(', ')],
      ['Differential privacy', privacyText(of.privacy)],
      ...special.slice(0, shownColumns),
    ]),
    '',
    table(
      ['feature', 'is', 'mean', 'standard deviation'],
      [
        ...of.columns
          .slice(0, shownColumns)
          .map((column, index) => [column, 'feature', number(means[index]), number(scales[index])]),
        [of.target, 'target', number(targetMean), number(targetScale)],
      ],
      'No column.',
    ),
    ...(more > 0 ? ['', `${plural(more, 'more feature')}: --format json has all.`] : []),
  ];
}

/** What becomes of a column that is no feature as it is. */
function columnText(recipe: ColumnRecipe): [string, string] | undefined {
  const { column, missing } = recipe;
  if (recipe.kind === 'number')
    return missing === undefined || typeof missing === 'string'
      ? undefined
      : [column, `no value is read as ${missing.fill}`];
  const others = recipe.other ? 'other texts are (other)' : `other texts count as ${recipe.reference}`;
  const names = recipe.codes === true ? '; these are codes, and the data owner has the texts' : '';
  const gaps = missing === 'refused' ? '' : '; cells may be empty';
  return [
    column,
    `${recipe.reference}, which has no feature, or one of its features; ${others}${gaps}${names}`,
  ];
}

function madeUpText({ header, rows }: MadeUpRows): string {
  const shown = rows.slice(0, shownRows);
  const last = header.length - 1;
  const lines = header.map((column, place) => [column, ...shown.map((row) => row[place] ?? '')]);
  return table(
    ['column', ...shown.map((_, index) => `made-up row ${index + 1}`)],
    [...lines.slice(0, Math.min(shownColumns, last)), ...lines.slice(last)],
    'No column.',
  );
}
