import { digestOf } from '../canonical.js';
import { shown } from '../data/shown.js';
import { TrainingError } from '../errors.js';
import { schemaFault } from '../schemaFault.js';
import type { ModelFamily } from './family.js';
import { familySchema } from './familyShape.js';
import { linear } from './linear/index.js';
import { logistic } from './logistic/index.js';
import { multiLogistic } from './multiLogistic/index.js';
import { ridge } from './ridge/index.js';
import { ridgeClassifier } from './ridgeClassifier/index.js';

/** Name of a family that this package brings. */
export type FamilyName = 'linear' | 'logistic' | 'multiLogistic' | 'ridge' | 'ridgeClassifier';

/** Every family that this package brings. */
export const families = { linear, logistic, multiLogistic, ridge, ridgeClassifier } as const satisfies Record<
  FamilyName,
  ModelFamily
>;

/** Names of all families that this package brings. */
export const familyNames = Object.keys(families) as [FamilyName, ...FamilyName[]];

/** How programs name a family of one's own. */
export interface OwnFamily {
  /** Its name. */
  readonly name: string;
  /** `sha256:…` of its code, which tells two codes of one name apart. */
  readonly digest: string;
}

/** Families that this process was told of, by name. */
const own = new Map<string, OwnFamily & { readonly family: ModelFamily }>();

/** Whether the package brings a family of this name. */
export const isBroughtFamily = (name: string): name is FamilyName => Object.hasOwn(families, name);

/**
 * Makes a family of one's own known to this process, beside those that the package brings. Every member of a couple does so, from
 * the same code, before it reads the couple's program. Code runs with the rights of the process, so it is the operator's choice; none
 * ever comes from a ledger or a vault. The same code again changes nothing. Its functions are called without `this`.
 *
 * @param code bytes by which members know that they have the same family: those of its module, as a rule. Programs name their digest
 * @throws TrainingError VT7305 for a family that has not the form of one, or whose name is taken
 */
export function registerFamily<Head, Moments, State>(
  family: ModelFamily<Head, Moments, State>,
  code: Uint8Array,
): OwnFamily {
  const parsed = familySchema.safeParse(family);
  if (!parsed.success) {
    const { what, cause } = schemaFault(parsed.error);
    throw new TrainingError('VT7305', `this is no model family: ${what}`, {}, cause);
  }
  const { name } = parsed.data;
  const digest = digestOf(code);
  const known = own.get(name);
  if (known?.digest === digest) return { name, digest };
  if (known !== undefined || isBroughtFamily(name)) {
    const what = `the name ${name} is taken by ${known === undefined ? 'a family of this package' : 'other code'}`;
    throw new TrainingError('VT7305', what, { family: name, digest });
  }
  own.set(name, { name, digest, family: Object.freeze(parsed.data) as unknown as ModelFamily });
  return { name, digest };
}

/** The families of one's own that this process knows. */
export const ownFamilies = (): OwnFamily[] => [...own.values()].map(({ name, digest }) => ({ name, digest }));

/** The digest of a family of one's own; undefined of one that the package brings. @throws TrainingError VT7301 */
export function familyDigestOf(name: string): string | undefined {
  familyOf(name);
  return own.get(name)?.digest;
}

/** @throws TrainingError VT7301 */
export function familyOf(name: string): ModelFamily {
  const found = isBroughtFamily(name) ? families[name] : own.get(name)?.family;
  if (found !== undefined) return found;
  const family = shown(name);
  throw new TrainingError('VT7301', `there is no model family ${family}`, { family });
}

/** The families that take so many features, as they are: what a table of so many can be learnt by. */
export const familiesThatTake = (features: number): FamilyName[] =>
  familyNames.filter((name) => families[name].maxFeatures >= features);
