import { familyNames } from './modelFamilies.js';

/** What a target may be learnt as. */
export const tasks = ['auto', 'regression', 'classification'] as const;

/** How a feature map is written, for the help. */
export const featuresOption = [
  '--features <map>',
  'what features are made of columns: identity, polynomial, random-layer:units=256,seed=a, or random-convolution:height=28,width=28,filters=64 (default: identity)',
] as const;

/** What to learn of a target, and how, for verbs that choose a program by the table. */
export const wishOptions = [
  ['--task <task>', 'regression, classification, or auto: two values, or texts, are classes (default: auto)'],
  ['--family <kind>', `${familyNames.join(', ')} (default: the first that fits)`],
  featuresOption,
] as const;
