import { MAX_CLASSES } from './data/limits.js';
import { shown } from './data/shown.js';
import type { Table } from './data/table.js';
import type { Template } from './data/template.js';
import { TrainingError } from './errors.js';
import type { MapDocument } from './maps/registry.js';
import type { Task } from './models/family.js';
import { familyNames, familyOf, isBroughtFamily } from './models/registry.js';
import { needsSecondMomentsAlone } from './privacy/serves.js';
import { defineProgram, programFeatures, type ProgramChoices, type TrainingProgram } from './program.js';

/** What to learn of a target, as far as it is said. */
export interface ProgramWish {
  /** Default, `auto`: classes where the target has two values, or texts; else a number. */
  readonly task?: Task | 'auto' | undefined;
  /** Default: the first of `familyNames` that fits. A family of one's own has to be named. */
  readonly family?: string | undefined;
  /** Default: columns as they are. */
  readonly featureMap?: MapDocument | undefined;
  /** The dataset gives second moments alone, with noise. Default: what a template says, and not for a table. */
  readonly isPrivate?: boolean | undefined;
}

/** What a program has to fit. */
interface Learnt {
  readonly target: string;
  readonly features: number;
  /** The target's different values, ascending. */
  readonly values: readonly number[] | 'tooMany' | 'notPublic';
  readonly hasTexts: boolean;
  readonly isPrivate: boolean;
}

/** A family's program, or why it has none. */
type Tried = { readonly family: string } & ({ readonly program: TrainingProgram } | { readonly why: string });

/**
 * The program that learns a table's target, or a dataset's by its template, which does not say the values of a target of numbers.
 * @throws TrainingError VT7303 for a task, a family or a feature map that does not fit, saying which families would
 */
export function chooseProgram(wish: ProgramWish, of: Table | Template): TrainingProgram {
  const learnt = learntOf(of, wish);
  const task = taskFor(wish, learnt);
  const { family: named = familyNames[0] } = wish;
  const names = isBroughtFamily(named) ? familyNames : [...familyNames, named];
  const tried = names.map((family) => tryFamily(family, task, wish, learnt));
  const fitting = tried.filter((one) => 'program' in one);
  const [chosen] =
    wish.family === undefined ? fitting : fitting.filter(({ family }) => family === wish.family);
  if (chosen !== undefined) return chosen.program;
  const refused = tried.filter((one) => 'why' in one);
  const asked = refused.filter(({ family }) => family === (wish.family ?? family));
  const why = asked.map(({ family, why }) => `${family}: ${why}`).join('; ');
  const others = fitting.length > 0 ? fitting : fittingTarget(wish, learnt);
  const would = others.map(({ family }) => family).join(', ') || 'none';
  const what = `no such model learns column ${shown(learnt.target)} (${task}, ${learnt.features} columns): ${why}`;
  throw new TrainingError('VT7303', what, { task, columns: learnt.features, wouldFit: would });
}

/** Families that learn a target as it comes, where none does as it was wished. */
function fittingTarget({ featureMap }: ProgramWish, learnt: Learnt): Tried[] {
  const task = ownTask(learnt);
  return familyNames
    .map((family) => tryFamily(family, task, { featureMap }, learnt))
    .filter((one) => 'program' in one);
}

function learntOf(of: Table | Template, { isPrivate = isPrivateOne(of) }: ProgramWish): Learnt {
  const { target, features, recipe } = of;
  const hasTexts = recipe?.classes !== undefined;
  const known = { target, features, hasTexts, isPrivate };
  if ('targets' in of) return { ...known, values: valuesOf(of.targets) };
  return { ...known, values: recipe?.classes?.map((_, place) => place) ?? 'notPublic' };
}

const isPrivateOne = (of: Table | Template): boolean => 'privacy' in of && of.privacy !== undefined;

/** The different values of a column, in ascending order. */
function valuesOf(column: ArrayLike<number>): Learnt['values'] {
  const found = new Set<number>();
  for (let row = 0; row < column.length && found.size <= MAX_CLASSES; row++) found.add(column[row] ?? 0);
  return found.size > MAX_CLASSES ? 'tooMany' : [...found].sort((a, b) => a - b);
}

/** What a target is where nothing is said. */
const ownTask = ({ values, hasTexts }: Learnt): Task =>
  hasTexts || values.length === 2 ? 'classification' : 'regression';

/** @throws TrainingError VT7303 where the target does not allow the task */
function taskFor({ task: asked = 'auto', family }: ProgramWish, learnt: Learnt): Task {
  const { target, values, hasTexts } = learnt;
  const own = family === undefined ? ownTask(learnt) : familyOf(family).task;
  const task = asked === 'auto' ? own : asked;
  const refuse = (why: string, wouldFit: Task): never => {
    throw new TrainingError('VT7303', `column ${shown(target)} ${why}`, { task, wouldFit });
  };
  if (asked === 'classification' && values === 'tooMany')
    return refuse(`has more than ${MAX_CLASSES} values, too many for classes`, 'regression');
  if (task === 'regression' && hasTexts && values.length > 2)
    return refuse(`has ${values.length} texts, which are no numbers`, 'classification');
  return task;
}

const noClasses = {
  tooMany: `the target has more than ${MAX_CLASSES} values`,
  notPublic: 'the values of the classes are not known',
} as const;

function tryFamily(family: string, task: Task, wish: ProgramWish, learnt: Learnt): Tried {
  const does = familyOf(family).task;
  if (does !== task) return { family, why: `it is for ${does}` };
  const { values } = learnt;
  if (task === 'regression') return tryChoices({ family }, wish, learnt);
  if (typeof values === 'string') return { family, why: noClasses[values] };
  return tryChoices({ family, classes: [...values] }, wish, learnt);
}

function tryChoices(
  choices: { readonly family: string; readonly classes?: number[] },
  { featureMap }: ProgramWish,
  { features, values, isPrivate }: Learnt,
): Tried {
  const { family } = choices;
  const own = isPrivate ? familyOf(family).privateChoices : {};
  try {
    const asked = { ...choices, ...own, ...(featureMap && { featureMap }) } as ProgramChoices;
    const program: TrainingProgram = defineProgram(asked);
    programFeatures(program, features);
    if (isPrivate && !needsSecondMomentsAlone(program))
      return { family, why: 'it needs more than second moments, all that a private dataset gives' };
    return { family, program };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    if (error.code === 'VT7301') return { family, why: `it does not learn ${values.length} classes` };
    return { family, why: error.message.slice(`${error.code} ${error.reason}: `.length) };
  }
}
