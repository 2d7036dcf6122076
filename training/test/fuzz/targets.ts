import { documentTargets } from './documentTargets.js';
import { messageTargets } from './messageTargets.js';
import { recipeTarget } from './recipeTarget.js';
import { tableTargets } from './tableTargets.js';
import { threeClassTable, twoClassTable } from './tables.js';
import type { Target, Training } from './target.js';
import { makeWorld, type World } from './world.js';

const classes = { classes: [0, 1, 2] };
const threeClassFamilies = new Set(['ridgeClassifier', 'multiLogistic']);
const layer = { featureMap: { kind: 'random-layer', units: 6, seed: 'fuzz' } as const };

type Couple = readonly [name: string, program: World['program'], aggregation?: 'sum'];

/** Couples of all families. */
const couplesOf = ({ defineProgram }: Training): Couple[] => [
  ['linear encrypted', defineProgram()],
  ['linear encrypted data', defineProgram({ data: 'encrypted' })],
  ['linear plain', defineProgram({ protection: 'plain' })],
  [
    'linear plain nesterov',
    defineProgram({
      protection: 'plain',
      localSteps: 3,
      optimiser: { kind: 'nesterov', decay: 0.99 },
      earlyStopping: { tolerance: 0.01, patience: 2 },
    }),
  ],
  ['logistic encrypted', defineProgram({ family: 'logistic' })],
  ['logistic plain', defineProgram({ family: 'logistic', protection: 'plain' })],
  ['logistic plain degree 1', defineProgram({ family: 'logistic', protection: 'plain', degree: 1 })],
  ['logistic encrypted sums', defineProgram({ family: 'logistic' }), 'sum'],
  ['logistic plain sums', defineProgram({ family: 'logistic', protection: 'plain' }), 'sum'],
  ['ridge encrypted map', defineProgram({ family: 'ridge', ...layer })],
  ['ridge plain', defineProgram({ family: 'ridge', protection: 'plain' })],
  ['ridgeClassifier encrypted', defineProgram({ family: 'ridgeClassifier', ...classes })],
  [
    'ridgeClassifier plain map',
    defineProgram({ family: 'ridgeClassifier', protection: 'plain', ...classes, ...layer }),
  ],
  ['multiLogistic encrypted', defineProgram({ family: 'multiLogistic', ...classes })],
  ['multiLogistic plain', defineProgram({ family: 'multiLogistic', protection: 'plain', ...classes })],
];

/** Every reader of the package, with couples of all families. */
export async function allTargets(training: Training): Promise<Target[]> {
  const worlds: World[] = [];
  for (const [name, program, aggregation] of couplesOf(training))
    worlds.push(
      await makeWorld(training, name, program, {
        aggregation,
        table: threeClassFamilies.has(program.family) ? threeClassTable : twoClassTable,
      }),
    );
  return [
    ...worlds.flatMap((world) => messageTargets(training, world)),
    ...documentTargets(training, worlds),
    recipeTarget(training),
    ...tableTargets(training),
  ];
}
