import { TrainingError } from '../errors.js';
import { shown } from '../data/shown.js';
import { schemaFault } from '../schemaFault.js';
import { featureMapSchema, mapKinds, type MapDocument } from './registry.js';

/** What people need not write. */
const defaults: Readonly<Record<MapDocument['kind'], Readonly<Record<string, string | number>>>> = {
  identity: {},
  polynomial: { degree: 2 },
  'random-layer': { units: 256, seed: 'veritrain' },
  'random-convolution': { white: 255, filters: 64, stride: 2, tiles: 2, seed: 'veritrain' },
};

/**
 * A feature map as people write it: its kind, and choices behind a colon, such as `random-layer:units=200,seed=7`.
 * @throws TrainingError VT7302 for a map that is not there, or choices that it does not have
 */
export function parseFeatureMap(text: string): MapDocument {
  const [kind = '', choices = '', ...more] = text.split(':');
  const known = mapKinds.find((one) => one === kind.trim());
  if (known === undefined || more.length > 0) {
    const what = `there is no feature map ${shown(text)}; there are ${mapKinds.join(', ')}`;
    throw new TrainingError('VT7302', what, { map: shown(text) });
  }
  const document = { kind: known, ...defaults[known], ...choicesOf(choices) };
  const parsed = featureMapSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { what, cause } = schemaFault(parsed.error);
  throw new TrainingError('VT7302', `the feature map ${shown(text)}: ${what}`, { map: known }, cause);
}

const choicesOf = (text: string): Record<string, string | number> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((choice) => choice.trim() !== '')
      .map((choice) => {
        const [name = '', ...value] = choice.split('=').map((part) => part.trim());
        const given = value.join('=');
        return [name, name !== 'seed' && /^\d+(\.\d+)?$/.test(given) ? Number(given) : given];
      }),
  );
