// Ridge regression of a target's square root: for prices, durations and counts, which are never negative and have a long tail.
// Hosts compute with + − × ÷ √ alone, so it is a root and no logarithm. A prediction is a square again, in the target's unit.
import { readFileSync } from 'node:fs';
import { TrainingError } from '@veritrain/training';
import * as parts from '@veritrain/training/families';
import { z } from 'zod';

const list = z.array(z.number());
const numbersSchema = z.strictObject({ weights: list, intercept: z.number(), means: list, scales: list });

/** Where roots lie, by what is public of the target: about the root of its mean, and by how much a root grows there. */
function rootsOf({ statistics: { targetMean, targetScale } }) {
  const centre = Math.sqrt(Math.max(targetMean, targetScale / 64));
  return { centre, spread: targetScale / (2 * centre) };
}

/** What a host sums up of a row: its features, and its target's root, standardised and cut to ±8. */
function rootOutput(template) {
  const { centre, spread } = rootsOf(template);
  const { targetMean, targetScale } = template.statistics;
  const rootOf = (target) => Math.sqrt(Math.max(0, targetMean + target * targetScale));
  return { count: 1, placeOf: () => 0, valueOf: (target) => parts.cut((rootOf(target) - centre) / spread) };
}

function predictor(parameters, features) {
  const { data, error } = numbersSchema.safeParse(parameters);
  if (data === undefined || [data.weights, data.means, data.scales].some(({ length }) => length !== features))
    throw new TrainingError('VT7501', `these are no numbers of a model of ${features} features`, {}, error);
  const { weights, intercept, means, scales } = data;
  return (row) => {
    let root = intercept;
    weights.forEach((weight, j) => (root += weight * parts.cut((row[j] - means[j]) / scales[j])));
    return Math.max(0, root) ** 2;
  };
}

const lossOf = (head, { features }) => parts.ridgeLoss(head, features);

const rootRidge = {
  name: 'rootRidge',
  task: 'regression',
  maxFeatures: parts.MAX_COLUMNS,
  wantsOnes: false,
  headSchema: z.strictObject({ lambda: z.number().min(0).max(100) }),
  stateSchema: parts.blockStateSchema,
  chooseHead: (choices) => ({ lambda: 0.001, ...choices }),
  exposes: () => 'secondMoments',
  messages: (head, features) => parts.gradientMessages(lossOf(head, { features }), features),
  // Hosts.
  sumsNeedProgram: true,
  sums: ({ template }) => new parts.OutputSums(rootOutput(template)),
  hostMap: (moments, head, shape) => parts.gradientMap(moments, lossOf(head, shape)),
  // The model owner.
  firstState: (template, head) => parts.firstBlockState(template, lossOf(head, template).vectors),
  fits: (state, template, head) => parts.hasSizes(state, template, lossOf(head, template).vectors),
  query: ({ query }) => query,
  isComplete: ({ used }) => !used.includes(false),
  step: ({ state, template, head }, replies, noise) => {
    const loss = lossOf(head, template);
    const starts = parts.startsOf(loss, template.features + 1);
    return parts.blockStep({ state, template, loss, starts }, replies, noise);
  },
  parameters: (state, template, bits) => {
    const { centre, spread } = rootsOf(template);
    const { means, scales } = template.statistics;
    const own = parts.roundedTo(bits, state.weights.slice(0, template.features + 1));
    const intercept = centre + own.pop() * spread;
    return { weights: own.map((weight) => weight * spread), intercept, means, scales };
  },
  // Whoever has the model.
  loss: parts.meanSquaredError,
  metrics: parts.regressionMetrics,
  predictor,
};

// Programs name this file's digest: a member with another file refuses them.
parts.registerFamily(rootRidge, readFileSync(new URL(import.meta.url)));
