import { documentTargets } from './documentTargets.js';
import { messageTargets } from './messageTargets.js';
import type { Target, Training } from './target.js';
import { makeWorld } from './world.js';

/** Every reader of the package, with couples of all families. */
export async function allTargets(training: Training): Promise<Target[]> {
  const { defineProgram } = training;
  const worlds = [
    await makeWorld(training, 'linear encrypted', defineProgram()),
    await makeWorld(training, 'linear encrypted data', defineProgram({ data: 'encrypted' })),
    await makeWorld(training, 'linear plain', defineProgram({ protection: 'plain' })),
    await makeWorld(
      training,
      'linear plain nesterov',
      defineProgram({
        protection: 'plain',
        localSteps: 3,
        optimiser: { kind: 'nesterov', decay: 0.99 },
        earlyStopping: { tolerance: 0.01, patience: 2 },
      }),
    ),
    await makeWorld(training, 'logistic encrypted', defineProgram({ family: 'logistic' })),
    await makeWorld(training, 'logistic plain', defineProgram({ family: 'logistic', protection: 'plain' })),
    await makeWorld(
      training,
      'logistic plain degree 1',
      defineProgram({ family: 'logistic', protection: 'plain', degree: 1 }),
    ),
    await makeWorld(training, 'logistic encrypted sums', defineProgram({ family: 'logistic' }), 'sum'),
    await makeWorld(
      training,
      'logistic plain sums',
      defineProgram({ family: 'logistic', protection: 'plain' }),
      'sum',
    ),
  ];
  return [
    ...worlds.flatMap((world) => messageTargets(training, world)),
    ...documentTargets(training, worlds),
  ];
}
