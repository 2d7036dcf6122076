import type { DatasetFacts } from '@veritrain/member/datasets';
import { plural, shortDigest } from '@veritrain/member/text';
import type { Command } from 'commander';
import { z } from 'zod';
import { privacyOf, privacyOptions, privacyText, privacyValues } from './privacyOptions.js';
import { noteText, recipeChoicesOf, recipeOptions, recipeValues, testShareValue } from './recipeOptions.js';
import { csvOptionsOf, readingText, tableOptions, tableValues } from './tableOptions.js';
import { describeDataset } from './termsText.js';
import { type Cell, fields, table, wrap } from './text.js';
import { count, datasetId, decimal, durationMs } from './values.js';
import { verb } from './verb.js';

/** A model owner can compute a subset's second moments, and read from them rows whose value few others share. */
const leastCellOption = [
  '--least-cell <n>',
  'refuse a split where fewer rows of a subset share a value (default 5; publish: as split)',
] as const;

/** Sums over rows that are nearly as many as their values say what the rows are. */
const valuesPerMomentOption = [
  '--values-per-moment <r>',
  'refuse subsets whose rows have fewer values for each sum that a model owner learns (default 3; 0 accepts all)',
] as const;

/** Whether model owners learn the update of every subset. */
const aggregationOption = [
  '--aggregation <rule>',
  'perSubset, or sum: of batches of three subsets or more, model owners learn the sum of the updates alone (default perSubset)',
] as const;

/** Names of levels are public, and may be secrets. */
const codesOption = [
  '--codes [column...]',
  'replace levels by codes, of all columns of texts or of these; codebook.json in this profile says what they stand for',
] as const;
const codesValue = z.union([z.literal(true), z.array(z.string().min(1))]).optional();

/** `veritrain dataset split` */
export function split(): Command {
  return verb({
    name: 'split',
    summary: 'split a table into subsets, and make the packages of the hosts',
    details: [
      '30 to 4,000,000 rows, 1 to 1,024 features and a target (linear and logistic models take 32 features, ridge and ridgeClassifier 1,024); the file may be larger than memory. Columns of text are categories: each level but the most frequent becomes a feature, 1 or 0. A target of two texts is read as 0 and 1. Everything stays in this profile; nothing is sent. No subset gets the whole range of the target (but see --epsilon), and the same dataset always gives the same split.',
      'With --epsilon hosts get no rows: they get second moments with noise, and the template has noise too. Any number of rounds of linear models, and of logistic ones of degree 1, then costs nothing more (docs/privacy.md).',
      'Names of levels are public, in the template. With --codes it has codes made from a secret of this profile, and so have packages and models. Names of columns and classes of the target stay as they are (docs/tables.md).',
      'The form of the table (encoding, gzip, marks in numbers and between cells) is recognised from all of it, and printed. A table that can be read in two ways is refused, with both: the options below decide.',
    ],
    arguments: [['<csv>', 'the table: CSV with one header line, or Parquet']],
    options: [
      ['--target <column>', 'the column to predict'],
      ['--subsets <m>', 'how many parts, 2 or more'],
      ['--id <id>', 'the dataset (default: a random one)'],
      aggregationOption,
      leastCellOption,
      valuesPerMomentOption,
      ...recipeOptions,
      codesOption,
      [
        '--test-share <part>',
        'rows that no host gets, 0.01 to 0.5 of all: held-out.csv in this profile (default 0)',
      ],
      ...privacyOptions,
      ['--observed', 'with --epsilon: takes what the rows show of the other columns for public knowledge'],
      [
        '--privacy-budget <e>',
        'with --epsilon: the most that all datasets of this table may spend (default: as stated before, else --epsilon)',
      ],
      ...tableOptions,
    ],
    examples: [
      'veritrain dataset split patients.csv --target progression --subsets 3',
      'veritrain dataset split churn.csv --target Churn --subsets 5 --drop customerID --missing fill',
      'veritrain dataset split wards.csv --target stay --subsets 3 --codes ward diagnosis',
      'veritrain dataset split patienten.csv --target alter --subsets 3 --decimal , --thousands .',
      'veritrain dataset split heart.csv --target died --subsets 5 --epsilon 3 --bounds age=18:100 died=0:1',
      'veritrain dataset split patients.csv --target progression --subsets 6 --aggregation sum',
      'veritrain dataset split patients.csv --target progression --subsets 5 --id ds_patients --format json',
    ],
    input: z.strictObject({
      csv: z.string().min(1),
      target: z.string().min(1),
      subsets: count(2, 1000),
      aggregation: z.enum(['perSubset', 'sum']).optional(),
      id: datasetId.optional(),
      leastCell: count(1, 1000).optional(),
      valuesPerMoment: decimal(0, 1000).optional(),
      codes: codesValue,
      testShare: testShareValue.default(0),
      ...recipeValues,
      ...privacyValues,
      observed: z.boolean().default(false),
      privacyBudget: decimal(0.01, 1000).optional(),
      ...tableValues,
    }),
    run: async (given, session) => {
      const { notDropped, openTable, splitDataset } = await import('@veritrain/member/datasets');
      const recipe = recipeChoicesOf(given);
      const { csv, texts, written } = await openTable(given.csv, notDropped(recipe));
      const { cellRows } = await import('./cellsText.js');
      const { familiesThatTake } = await import('@veritrain/training');
      const member = await session.member();
      const facts = await splitDataset(
        member,
        {
          csv,
          texts,
          written: { ...csvOptionsOf(given), ...written },
          recipe,
          codes: given.codes,
          heldOut: given.testShare === 0 ? undefined : { share: given.testShare },
          source: given.csv,
          target: given.target,
          subsets: given.subsets,
          aggregation: given.aggregation,
          datasetId: given.id,
          leastCell: given.leastCell,
          valuesPerMoment: given.valuesPerMoment,
          privacy: await privacyOf({ ...given, budget: given.privacyBudget }),
        },
        session.context,
      );
      const families = familiesThatTake(facts.features);
      const { codebookPath, folder } = member.home.dataset(facts.datasetId);
      const codes = codesText(given.codes !== undefined, facts.codedColumns, codebookPath);
      return {
        data: {
          ...facts,
          families,
          folder,
          codebook: facts.codedColumns.length === 0 ? null : codebookPath,
        },
        text: describeSplit(facts, codes, [['Models', modelsText(families)], ...cellRows(facts.report)]),
        next: `veritrain dataset publish ${facts.datasetId}`,
      };
    },
  });
}

/** A table of more features than some families take says so here, before anybody asks for a model. */
const modelsText = (families: readonly string[]): string => `${families.join(', ')} (--family)`;

/** Where the texts of coded levels are, and that a table without any has nothing to hide. */
function codesText(asked: boolean, columns: readonly string[], path: string): Lines {
  if (!asked) return [];
  if (columns.length === 0) return [['Codes', 'none: no feature is a level of a column of texts']];
  return [
    ['Codes', `for the levels of ${columns.join(', ')}`],
    ['Their texts', `${path}, which stays with you`],
  ];
}

/** The bins that fit beside each other in 80 columns. */
const maxBins = 8;
/** A table of hundreds of columns may have a note on each. */
const maxNotes = 20;

type Lines = readonly (readonly [string, Cell])[];

function describeSplit(facts: DatasetFacts, codes: Lines, cells: Lines): string {
  const { report } = facts;
  const promise = (kept: boolean): string => (kept ? 'yes' : 'no');
  const bins = report.bins.slice(0, maxBins);
  const more = facts.columnNotes.length - maxNotes;
  const range = (value: number): string => Number(value.toPrecision(4)).toString();
  return [
    fields([
      ['Dataset', facts.datasetId],
      ['Table', `${facts.source}: ${facts.rows} rows, ${facts.features} features, target ${facts.target}`],
      ['Read as', facts.reading && readingText(facts.reading)],
      ['Set aside', facts.heldOutRows === 0 ? undefined : `${facts.heldOutRows} rows that no host gets`],
      ...codes,
      ['Differential privacy', privacyText(facts.privacy)],
      ['Model owners see', seenText(facts)],
      ['Template', shortDigest(facts.templateDigest)],
      ['Split by', splitText(report)],
      ['No subset has every bin', promise(report.noSubsetHasEveryBin)],
      ['No subset has the whole range', promise(report.noSubsetHasTheWholeRange)],
      ['No bin is a majority', promise(report.noBinHasAMajority)],
      ...cells,
    ]),
    '',
    `Rows by subset, and by bin of ${report.column}:`,
    table(
      ['subset', 'rows', ...bins.map(({ to }) => `≤${range(to)}`)],
      report.subsetRows.map((rows, subset) => [
        subset,
        rows,
        ...(report.counts[subset] ?? []).slice(0, maxBins),
      ]),
      'No subset.',
    ),
    ...report.notes.flatMap((note) => wrap(note)),
    ...facts.columnNotes.slice(0, maxNotes).flatMap((note) => wrap(noteText(note))),
    ...(more > 0 ? [`and ${plural(more, 'more note')} on columns: --format json has all.`] : []),
  ].join('\n');
}

function splitText({ rule, column }: DatasetFacts['report']): string {
  if (rule === 'random') return 'chance';
  return rule === 'target' ? `bins of ${column}` : `${rule} of ${column}`;
}

/** What the counts of cells below are for. */
function seenText({ aggregation, report }: DatasetFacts): string {
  if (aggregation === 'perSubset') return 'the update of every subset';
  const [column] = report.leastCells;
  const batches = (column?.bySubset ?? []).flatMap(({ batch }) => (batch === undefined ? [] : [batch]));
  const parts = batches.map((batch) => `${batch[0] ?? 0} to ${batch.at(-1) ?? 0}`);
  return `sums over subsets ${parts.join(', ')} alone; cells are counted over each`;
}

/** `veritrain dataset publish` */
export function publish(): Command {
  return verb({
    name: 'publish',
    summary: 'offer a dataset that was split here: its template and its terms, no rows',
    arguments: [['<dataset>', 'the id that `dataset split` printed']],
    options: [
      ['--replicas <n>', 'hosts of each subset, 1 to 15; below 3 nobody can be convicted (default 3)'],
      ['--lifetime-rounds <n>', 'rounds it gives in all its life (default 1000)'],
      ['--most-rounds <n>', 'rounds that one couple may ask for (default 100)'],
      ['--most-subsets <n>', 'subsets that one round may draw (default: all, 40 at most)'],
      [
        '--most-idle <time>',
        'how long a training may rest; it holds its rounds meanwhile (default: as long as an answer may take)',
      ],
      ['--allow <protection...>', 'encrypted, plain or both (default encrypted)'],
      leastCellOption,
      valuesPerMomentOption,
      [
        '--pace <time>',
        "a host's time for its commitment; all deadlines follow (default: 3 times the market's least)",
      ],
    ],
    examples: [
      'veritrain dataset publish ds_patients',
      'veritrain dataset publish ds_patients --replicas 5 --lifetime-rounds 200 --pace 2h',
    ],
    input: z.strictObject({
      dataset: datasetId,
      replicas: count(1, 15).default(3),
      lifetimeRounds: count(1, 1_000_000).default(1000),
      mostRounds: count(1, 10_000).default(100),
      mostSubsets: count(1, 40).optional(),
      mostIdle: durationMs.optional(),
      allow: z.array(z.enum(['encrypted', 'plain'])).default(['encrypted']),
      pace: durationMs.optional(),
      leastCell: count(1, 1000).optional(),
      valuesPerMoment: decimal(0, 1000).optional(),
    }),
    run: async (given, session) => {
      const { publishDataset } = await import('@veritrain/member/datasets');
      const member = await session.member();
      const { dataset, writes } = await publishDataset(
        member,
        {
          datasetId: given.dataset,
          replicas: given.replicas,
          lifetimeRounds: given.lifetimeRounds,
          mostRounds: given.mostRounds,
          mostSubsetsPerRound: given.mostSubsets,
          mostIdleMs: given.mostIdle,
          protections: given.allow,
          paceMs: given.pace,
          leastCell: given.leastCell,
          valuesPerMoment: given.valuesPerMoment,
        },
        session.context,
      );
      if (given.replicas < 3)
        session.output.progress('With fewer than 3 replicas no host can be convicted of a lie.');
      return {
        data: dataset,
        text: describeDataset(dataset),
        writes,
        next: `veritrain dataset invite ${dataset.datasetId} --host <participant> …`,
      };
    },
  });
}
