import { didYouMean, memberError } from '@veritrain/member/errors';

/** Ways to misbehave on purpose, by role. Each is caught by the contract, and shows how. */
export const drills = {
  /** Commits to, and delivers, a valid update of another step. */
  'wrong-update': 'cloudOwner',
  /** Commits to, and delivers, random bytes. */
  'random-bytes': 'cloudOwner',
  /** Delivers the first half of its update only. */
  truncated: 'cloudOwner',
  /** Commits to, and delivers, an update that names other encryption parameters. */
  'wrong-parameters': 'cloudOwner',
  /** Never answers. */
  silent: 'cloudOwner',
  /** Copies a sister's commitment. */
  copy: 'cloudOwner',
  /** Commits only after the deadline. */
  late: 'cloudOwner',
  /** Commits, and never uploads. */
  'no-upload': 'cloudOwner',
  /** Closes every subset with a digest that nobody committed to. */
  'wrong-digest': 'modelOwner',
  /** Never closes a subset. */
  'never-close': 'modelOwner',
  /** Opens rounds with a model that it never stores. */
  'withhold-model': 'modelOwner',
  /** Never opens a link of its draw chain. */
  'withhold-link': 'dataOwner',
} as const;

export type Drill = keyof typeof drills;
const drillNames = Object.keys(drills) as Drill[];

/** @throws WRONG_ARGUMENT */
export function parseDrill(name: string): Drill {
  const known = drillNames.find((drill) => drill === name);
  if (known !== undefined) return known;
  throw memberError('VT9001', `There is no drill ${name}.${didYouMean(name, drillNames)}`, {
    facts: { drill: name, known: drillNames.join(', ') },
  });
}
