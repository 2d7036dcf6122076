import { productsOf } from './data/shownMoments.js';
import type { Template } from './data/template.js';
import { programExposes, programFeatures, type TrainingProgram } from './program.js';

/**
 * How many different sums over a subset's rows the model owner of a program can learn, whatever it asks: products of up to two or
 * three features, and of each feature with the target, or with each of several classes. Products of features that a map makes count
 * as often as they differ as polynomials in the columns.
 * @throws TrainingError VT7302 for more features than the program takes
 */
export function programMoments(
  program: TrainingProgram,
  template: Pick<Template, 'recipe' | 'features'>,
): number {
  const features = programFeatures(program, template.features);
  return featureMoments(program, template, features) + outputsOf(program) * (features + 1);
}

function featureMoments(
  program: TrainingProgram,
  template: Pick<Template, 'recipe' | 'features'>,
  features: number,
): number {
  const exposed = programExposes(program);
  if (exposed !== 'mappedMoments') return productsOf(template, exposed === 'secondMoments' ? 2 : 3);
  const mapped = productsOf({ features }, 2);
  // Products of two features of degree 2 are of degree 4.
  return program.featureMap.kind === 'polynomial' ? Math.min(mapped, productsOf(template, 4)) : mapped;
}

/** What a row's target is multiplied with the features as: once, or once for each of more than two classes. */
function outputsOf({ head }: TrainingProgram): number {
  return 'classes' in head && Array.isArray(head.classes) && head.classes.length > 2
    ? head.classes.length
    : 1;
}
