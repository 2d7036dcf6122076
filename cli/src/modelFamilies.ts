import type { Aggregation } from '@veritrain/client-sdk';
import type {
  BroughtProgram,
  defineProgram,
  FamilyName,
  ProgramChoices,
  ProgramOf,
  TrainingProgram,
} from '@veritrain/training';
import { z } from 'zod';
import { count, decimal, numberList, numberPair } from './values.js';

type Heads = { readonly [Family in FamilyName]: ProgramOf<Family>['head'] };

/** An option of `model register`: its flag, its meaning, and the default of the family, in words. */
type FamilyOption = readonly [flag: string, meaning: string, byDefault: string];

/** What every family's program may choose. */
type CommonChoices = Pick<ProgramChoices, 'protection' | 'earlyStopping' | 'featureMap'>;

interface FamilyEntry<Head> {
  readonly options: readonly FamilyOption[];
  /** The values of the options, by name: strings in, what the family takes out. */
  readonly schema: z.ZodObject;
  /** A program of this family from parsed values. */
  program(define: typeof defineProgram, common: CommonChoices, values: unknown): TrainingProgram;
  /** What a model does, as people see it before a training. */
  task(head: Head): string;
  /** What a model owner learns of each drawn subset. */
  ownerLearns(head: Head): string;
  /** What an exported model's numbers mean. */
  readonly numbers: string;
}

const ridge = ['--ridge <lambda>', 'penalty on the weights in standardised units'] as const;

const linearValues = z.strictObject({
  ridge: decimal(0, 100).default(0),
  localSteps: count(1, 1000).default(1),
});

const logisticValues = z.strictObject({
  ridge: decimal(0.000001, 100).default(0.001),
  classes: numberPair.default([0, 1]),
  degree: count(1, 2)
    .default(2)
    .transform((degree) => (degree === 1 ? 1 : 2)),
  radius: decimal(0.1, 8).default(3),
});

const multiLogisticValues = z.strictObject({
  ...logisticValues.shape,
  classes: numberList.refine(({ length }) => length > 2, 'takes three values or more').default([0, 1, 2]),
});

const ridgeValues = z.strictObject({ ridge: decimal(0, 100).default(0.001) });

const ridgeClassifierValues = z.strictObject({
  ridge: decimal(0, 100).default(0.00001),
  classes: numberList.default([0, 1]),
});

const momentsLearnt = ({ degree }: Heads['logistic' | 'multiLogistic']): string =>
  degree === 1
    ? 'its second moments, at once'
    : 'its second moments at once, and more of its third moments in each round';

/** Every family that the command can register and describe: another family is another entry. */
const families: { readonly [Family in FamilyName]: FamilyEntry<Heads[Family]> } = {
  linear: {
    options: [
      [...ridge, '0, least squares'],
      ['--local-steps <n>', 'gradient steps that a host folds into one reply', '1'],
    ],
    schema: linearValues,
    program: (define, common, values) => {
      const { ridge: lambda, localSteps } = linearValues.parse(values);
      return define({ ...common, family: 'linear', lambda, localSteps });
    },
    task: ({ lambda }) => `predict a number, by ${lambda === 0 ? 'least squares' : 'ridge regression'}`,
    ownerLearns: () => 'steps, which add up to its second moments',
    numbers: 'Of a linear model, target = intercept + the sum of weight × column.',
  },
  logistic: {
    options: [
      [...ridge, '0.001'],
      [
        '--classes <values>',
        "the target's values; logistic: two, and the model predicts the probability of the second",
        '0,1',
      ],
      ['--degree <n>', '1: hosts tell second moments; 2: third moments too, which is more precise', '2'],
      ['--radius <n>', "longest first step, in root mean square of the rows' log-odds", '3'],
    ],
    schema: logisticValues,
    program: (define, common, values) => {
      const { ridge: lambda, ...others } = logisticValues.parse(values);
      return define({ ...common, family: 'logistic', lambda, ...others });
    },
    task: ({ classes: [negative, positive] }) =>
      `tell two classes apart: the probability of ${positive}, not ${negative}, by logistic regression`,
    ownerLearns: momentsLearnt,
    numbers: 'Of a logistic model, that sum is the log-odds of the second class.',
  },
  multiLogistic: {
    options: [
      [...ridge, '0.001'],
      ['--classes <values>', "the target's values", '0,1,2'],
      ['--degree <n>', '', '2'],
      ['--radius <n>', '', '3'],
    ],
    schema: multiLogisticValues,
    program: (define, common, values) => {
      const { ridge: lambda, ...others } = multiLogisticValues.parse(values);
      return define({ ...common, family: 'multiLogistic', lambda, ...others });
    },
    task: ({ classes }) =>
      `tell ${String(classes.length)} classes apart: the probability of each, by logistic regression against the rest`,
    ownerLearns: momentsLearnt,
    numbers:
      'Of a logistic model of several classes, each has weights and an intercept, and that sum is its log-odds against the rest; ' +
      'the class with the largest is predicted.',
  },
  ridge: {
    options: [[...ridge, '0.001']],
    schema: ridgeValues,
    program: (define, common, values) => {
      const { ridge: lambda } = ridgeValues.parse(values);
      return define({ ...common, family: 'ridge', lambda });
    },
    task: () => 'predict a number, by ridge regression on many features',
    ownerLearns: () => 'gradients along eight directions at once, which add up to its second moments',
    numbers:
      'Of a ridge regression, target = intercept + the sum of weight × standardised column, (column − mean) / scale, cut to ±8.',
  },
  ridgeClassifier: {
    options: [
      [...ridge, '0.00001'],
      ['--classes <values>', "the target's values", '0,1'],
    ],
    schema: ridgeClassifierValues,
    program: (define, common, values) => {
      const { ridge: lambda, classes } = ridgeClassifierValues.parse(values);
      return define({ ...common, family: 'ridgeClassifier', lambda, classes });
    },
    task: ({ classes }) => `tell ${String(classes.length)} classes apart, by ridge regression of each`,
    ownerLearns: () => 'gradients, which add up to its second moments and those of its classes',
    numbers:
      'Of a ridge classifier, each class has weights for standardised columns, (column − mean) / scale, cut to ±8, and an intercept; ' +
      'the class with the largest sum is predicted.',
  },
};

/** Names of all families, the default one first. */
export const familyNames = Object.keys(families) as [FamilyName, ...FamilyName[]];

const entries = Object.entries(families) as [FamilyName, (typeof families)[FamilyName]][];

type FamilyOptionName = keyof z.input<typeof linearValues> | keyof z.input<typeof logisticValues>;

/** The options of all families by name, as typed: {@link checkFamilyOptions} judges them by the family. */
export const familyValues = Object.fromEntries(
  entries.flatMap(([, { schema }]) => Object.keys(schema.shape).map((name) => [name, z.string().optional()])),
) as Record<FamilyOptionName, z.ZodOptional<z.ZodString>>;

/** The options of all families for the help, each with the families that take it and their defaults. */
export const familyOptions: readonly (readonly [string, string])[] = [
  ...new Set(entries.flatMap(([, { options }]) => options.map(([flag]) => flag))),
].map((flag) => {
  const takers = entries.flatMap(([family, { options }]) =>
    options
      .filter((option) => option[0] === flag)
      .map(([, meaning, byDefault]) => ({ family, meaning, byDefault })),
  );
  const meaning = takers[0]?.meaning ?? '';
  const defaults = takers.map(({ family, byDefault }) => `${family}: ${byDefault}`).join('; ');
  return [flag, `${meaning} (default for ${defaults})`];
});

/** What of the options is wrong for a family: values, and options that it does not have. */
export function checkFamilyOptions(
  family: FamilyName,
  given: Readonly<Record<string, unknown>>,
): { readonly path: PropertyKey[]; readonly message: string }[] {
  const { schema } = families[family];
  const foreign = Object.keys(given).filter((name) => given[name] !== undefined && !(name in schema.shape));
  if (foreign.length > 0)
    return foreign.map((name) => ({ path: [name], message: foreignText(name, family) }));
  return (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => ({ path, message }));
}

function foreignText(name: string, family: FamilyName): string {
  const takers = entries.filter(([, { schema }]) => name in schema.shape).map(([taker]) => taker);
  return `is for ${takers.join(' and ')} models, and this one is ${family} (--family)`;
}

/** A program from the options of `model register`, which {@link checkFamilyOptions} found right. */
export const programOf = (
  define: typeof defineProgram,
  family: FamilyName,
  common: CommonChoices,
  values: Readonly<Record<string, unknown>>,
): TrainingProgram => families[family].program(define, common, values);

const wordsOf = <Family extends FamilyName>(of: { family: Family; head: Heads[Family] }) => {
  const entry: FamilyEntry<Heads[Family]> = families[of.family];
  return { task: entry.task(of.head), ownerLearns: entry.ownerLearns(of.head) };
};

const isBrought = (program: TrainingProgram): program is BroughtProgram => !('familyDigest' in program);

/** What a program's models do, in words. */
export const taskText = (program: TrainingProgram): string =>
  isBrought(program)
    ? wordsOf(program).task
    : `what the family ${program.family} is for, one of its members' own`;

/** What hosts and model owner learn by a training, in one sentence. */
export function learnsText(program: TrainingProgram, aggregation: Aggregation = 'perSubset'): string {
  const hosts = program.protection === 'encrypted' ? 'nothing of the model' : 'the model';
  const part = aggregation === 'sum' ? 'batch' : 'subset';
  const learns = isBrought(program) ? wordsOf(program).ownerLearns : 'what its own family asks';
  return `model owner: of each ${part} drawn, ${learns}; hosts: ${hosts}`;
}

/** What the numbers of exported models mean. */
export const numbersText = entries.map(([, { numbers }]) => numbers).join(' ');

/** What the family of a program has to know: `lambda 0, localSteps 1, optimiser quasiNewton`. */
export const headText = (head: TrainingProgram['head']): string =>
  Object.entries(head)
    .map(([name, value]: [string, unknown]) => `${name} ${valueText(value)}`)
    .join(', ');

/** A program's feature map: `random-layer, units 60, seed a`; undefined where features are columns. */
export function featuresText({ featureMap: { kind, ...choices } }: TrainingProgram): string | undefined {
  if (kind === 'identity') return undefined;
  return [kind, ...Object.entries(choices).map(([name, value]) => `${name} ${String(value)}`)].join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(' and ');
  if (typeof value === 'object' && value !== null && 'kind' in value) return String(value.kind);
  return String(value);
}
