import type { ModelCard, SignedStep } from '@veritrain/member/models';
import { figure, metricHeading, plural, visibleLine } from '@veritrain/member/text';
import type { Exposure } from '@veritrain/training';
import { featuresText, headText, learnsText, taskText } from './modelFamilies.js';
import { stepCountsText } from './termsText.js';
import { columns, wrap } from './text.js';

type Row = readonly [string, string | number | undefined];

const exposures: Readonly<Record<Exposure, string>> = {
  secondMoments: 'second moments of the features: they show a row that one column singles out',
  thirdMoments: 'third moments of the features: they show a row that two columns single out together',
  mappedMoments:
    'second moments of mapped features: they show a row that any of the columns single out together',
};

const signatures: Readonly<Record<SignedStep['step'], string>> = {
  datasetOffered: 'offered the dataset',
  trainingRequested: 'asked for the training',
  trainingApproved: 'approved it',
  modelRecorded: 'recorded the model',
};

/** A model's card as a page of Markdown. */
export function cardMarkdown(card: ModelCard): string {
  const { model, signed } = card;
  const parts = [
    `# ${safe(model.modelId)}: ${safe(model.target)}`,
    ...section('Model', modelRows(card)),
    ...section('Data', dataRows(card)),
    ...section('Training', trainingRows(card)),
    ...section('Figures', figureRows(card)),
    ...section('Privacy', privacyRows(card)),
    '## Signed',
    list(signed.map(({ step, by, transactionId }) => `${by} ${signatures[step]}: \`${transactionId}\``)),
    '## Limits',
    list(limits(card)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const modelRows = ({ model: { program, ...model } }: ModelCard): Row[] => [
  ['Owner', model.ownerId],
  ['Does', taskText(program)],
  ['Family', `${program.family} (${model.task})`],
  ['Head', headText(program.head)],
  ['Feature map', featuresText(program) ?? 'none: features are columns'],
  ['Numbers', model.numbers],
  ['Protection', program.protection],
  ['Digest', model.digest],
  ['Program', model.programDigest],
];

const dataRows = ({ data }: ModelCard): Row[] => [
  ['Dataset', data.datasetId],
  ['Owner', data.ownerId],
  ['Rows', `${data.rows}, in subsets of ${data.subsetRows.join(', ')}`],
  ['Hosts of a subset', data.replicas],
  ['Features', `${data.features.length}: ${data.features.join(', ')}`],
  ['Levels are codes', codedText(data.recipe)],
  ['Classes', data.recipe?.classes?.map((text, value) => `${text} is ${value}`).join(', ')],
  ['Template', data.templateDigest],
];

/** The columns of which only the data owner's codebook says what their levels are called. */
function codedText(recipe: ModelCard['data']['recipe']): string | undefined {
  const coded = recipe?.columns.filter((column) => column.kind === 'category' && column.codes === true) ?? [];
  if (coded.length === 0) return undefined;
  return `of ${coded.map(({ column }) => column).join(', ')}: the data owner's codebook has the texts`;
}

const trainingRows = ({ training: { recorded, ...of } }: ModelCard): Row[] => [
  ['Training', of.coupleId],
  [
    'Rounds',
    `${of.rounds} in the model, ${of.startedRounds} started, ${plural(of.subsetsPerRound, 'subset')} each`,
  ],
  ['Steps', of.steps === null ? undefined : (stepCountsText(of.steps) ?? 'none taken back, no bound met')],
  ['Rounded to', of.resultBits === null ? undefined : `${of.resultBits} bits behind the binary point`],
  ['On the ledger', recorded.map(({ name, value }) => `${name} ${value}`).join(', ') || undefined],
];

function figureRows({ figures }: ModelCard): Row[] {
  if (figures === null) return [];
  const { source, rows, metrics, digest } = figures;
  return [
    ['Table', `${source}, ${plural(rows, 'row')}`],
    ['Its digest', digest],
    ...metrics.map(({ name, value }): Row => [metricHeading(name), figure(value)]),
  ];
}

const privacyRows = ({ model: { program }, privacy }: ModelCard): Row[] => [
  ['They learn', learnsText(program)],
  ['The model owner can work out', `of each subset drawn, ${exposures[privacy.exposure]}`],
  ...termRows(privacy.terms),
  ...termRows(privacy.templateTerms),
];

/** Terms by their own names, those of later versions too. */
const termRows = (terms: Readonly<Record<string, unknown>>, within = ''): Row[] =>
  Object.entries(terms).flatMap(([name, value]): Row[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? termRows(value as Record<string, unknown>, `${within}${name}.`)
      : [[`${within}${name}`, Array.isArray(value) ? value.join(', ') : String(value)]],
  );

/** What a reader may not conclude. */
function limits({ data, figures, training, model }: ModelCard): string[] {
  const texts = data.recipe?.columns.filter(({ kind }) => kind === 'category') ?? [];
  const refusing = data.recipe?.columns.some(({ missing }) => missing === undefined || missing === 'refused');
  return [
    figures === null
      ? 'No figure of its predictions is on this page: `veritrain model card --data` measures them on a table with the target.'
      : 'The figures are those of the table named above. Whether its rows were among those trained on, the ledger does not say.',
    `It learnt from ${data.rows} rows; nothing is known of its predictions for rows unlike them.`,
    ...(texts.length === 0
      ? []
      : ['Texts that training did not see count as other texts, or as the reference of their column.']),
    ...(data.recipe === null || refusing === true ? ['It refuses a gap in a column that had none.'] : []),
    ...(training.rounds < training.startedRounds
      ? [`${plural(training.startedRounds - training.rounds, 'round')} brought nothing that it could use.`]
      : []),
    ...(model.program.protection === 'plain' ? ['Hosts saw the model while it was trained.'] : []),
  ];
}

/** A section without rows is left out. */
function section(title: string, rows: readonly Row[]): string[] {
  const known = rows.filter(([, value]) => value !== undefined);
  if (known.length === 0) return [];
  return [`## ${title}`, list(known.map(([name, value]) => `**${safe(name)}**: ${safe(String(value))}`))];
}

const list = (entries: readonly string[]): string =>
  entries.flatMap((entry) => wrap(`- ${entry}`, columns)).join('\n');

/** Text of others cannot become markup. Ids keep their underscores: between letters they are none. */
const safe = (text: string): string =>
  visibleLine(text).replace(/[\\`|<>*[\]]|(?<![^\W_])_|_(?![^\W_])/g, (mark) => `\\${mark}`);
