import { shown } from '../data/shown.js';
import { TrainingError } from '../errors.js';
import type { ModelFamily } from './family.js';
import { linear } from './linear/index.js';
import { logistic } from './logistic/index.js';
import { multiLogistic } from './multiLogistic/index.js';
import { ridge } from './ridge/index.js';
import { ridgeClassifier } from './ridgeClassifier/index.js';

/** Name of a family. */
export type FamilyName = 'linear' | 'logistic' | 'multiLogistic' | 'ridge' | 'ridgeClassifier';

/** Every family that programs may name. */
export const families = { linear, logistic, multiLogistic, ridge, ridgeClassifier } as const satisfies Record<
  FamilyName,
  ModelFamily
>;

/** Names of all families. */
export const familyNames = Object.keys(families) as [FamilyName, ...FamilyName[]];

/** @throws TrainingError VT7301 */
export function familyOf(name: string): ModelFamily {
  const known: Readonly<Record<string, ModelFamily>> = families;
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  const family = shown(name);
  throw new TrainingError('VT7301', `there is no model family ${family}`, { family });
}

/** The families that take so many features, as they are: what a table of so many can be learnt by. */
export const familiesThatTake = (features: number): FamilyName[] =>
  familyNames.filter((name) => families[name].maxFeatures >= features);
