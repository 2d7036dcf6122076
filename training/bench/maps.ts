// Ridge classifiers on mapped features, encrypted, against their clear twins in the same run, one thread, everything included.
//   npm run bench:maps -w @veritrain/training [-- --part sizes|digits|mnist --digits <digits.csv.gz> --data <folder of MNIST> --rounds 40]
// `sizes`: a round of 10 classes by number of features. `digits`: scikit-learn's, 1,797 × 64, by a random layer.
// `mnist`: all of MNIST by random convolutions, 7 partners. A table goes to stderr, one JSON object a line to stdout.
import { parseArgs } from 'node:util';
import {
  type DataPackage,
  defineProgram,
  encodePackage,
  lossOf,
  openPackage,
  splitTable,
  type TrainingProgram,
} from '@veritrain/training';
import { inClear } from '../src/program.js';
import { classTable } from '../src/testing/classes.js';
import { packagesOf, readImages, fifths, readDigits, tableOf, type Images } from './maps/images.js';
import { median, train, type Trained } from './maps/train.js';

const { values: options } = parseArgs({
  options: {
    part: { type: 'string', default: 'sizes,digits,mnist' },
    // npm runs a script in the folder of its package.
    data: { type: 'string', default: '../../shared/data/mnist' },
    digits: { type: 'string', default: 'digits.csv.gz' },
    filters: { type: 'string', default: '64' },
    stride: { type: 'string', default: '1' },
    tiles: { type: 'string', default: '4' },
    lambda: { type: 'string', default: '0.00005' },
    rounds: { type: 'string', default: '40' },
    images: { type: 'string', default: '60000' },
    units: { type: 'string', default: '500' },
  },
});
const digits = Array.from({ length: 10 }, (_, digit) => digit);
const lambda = Number(options.lambda);
const rounds = Number(options.rounds);

const report = (part: string, figures: Readonly<Record<string, unknown>>): void => {
  process.stderr.write(
    `${part}: ${Object.entries(figures)
      .map(([name, value]) => `${name} ${shown(value)}`)
      .join(', ')}\n`,
  );
  process.stdout.write(`${JSON.stringify({ bench: 'maps', part, ...figures })}\n`);
};
const progress = (part: string, what: string): void => void process.stderr.write(`${part}: ${what}\n`);
const shown = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);

function timesOf({ encrypt, host, read, modelBytes, updateBytes, precisionBits }: Trained, subsets: number) {
  const parts = { encrypt: median(encrypt, 1), host: median(host, subsets), read: median(read, 1) };
  return {
    encryptMs: parts.encrypt,
    hostMs: parts.host,
    firstHostMs: host[0] ?? NaN,
    readMs: parts.read,
    roundAndShardMs: parts.encrypt / subsets + parts.host + parts.read,
    roundOfOneShardMs: parts.encrypt + parts.host + parts.read,
    modelMegabytes: modelBytes / 1e6,
    updateMegabytes: updateBytes / 1e6,
    precisionBits: precisionBits ?? NaN,
  };
}

/** A round by number of features, the 1 behind them counted. */
async function sizes(features: number): Promise<void> {
  const table = classTable(120, features - 1);
  const numbered = {
    ...table,
    columns: ['row'],
    features: 1,
    values: Float64Array.from(table.targets.keys()),
  };
  const { template: split, shards } = splitTable(numbered, { subsets: 2, seed: Buffer.from('bench') });
  const each = (value: number) => Array.from({ length: features - 1 }, () => value);
  const statistics = { ...split.statistics, means: each(0), scales: each(1) };
  const template = { ...split, columns: [...table.columns], features: features - 1, statistics };
  const program = defineProgram({ family: 'ridgeClassifier', classes: digits, lambda: 0.01 });
  const packages = shards.map(({ subset, rows, targets }) => {
    const values = table.values.slice(0, rows * (features - 1));
    const shard = { subset, rows, features: features - 1, values, targets };
    const bytes = encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(subset) });
    return openPackage(bytes, { program, template });
  });
  report(`${features} × 10`, timesOf(await train(program, template, packages, 4), 2));
}

async function images(
  part: string,
  program: TrainingProgram,
  learn: Images,
  test: Images,
  subsets: number,
  units: { mean: number; scale: number },
): Promise<void> {
  const { template, packages } = packagesOf(learn, subsets, units);
  const started = performance.now();
  const opened: DataPackage[] = [];
  for (const bytes of packages) {
    opened.push(openPackage(bytes, { program, template }));
    progress(part, `mapped ${opened.length} of ${subsets} subsets`);
  }
  const mappingSeconds = (performance.now() - started) / 1000;
  const error = ({ model }: Trained): number => lossOf(tableOf(test), model).value;
  const plain = await train(inClear(program), template, opened, rounds, (round) =>
    progress(part, `in clear, round ${round} of ${rounds}`),
  );
  const began = performance.now();
  const encrypted = await train(program, template, opened, rounds, (round) =>
    progress(part, `encrypted, round ${round} of ${rounds}`),
  );
  const seconds = (performance.now() - began) / 1000;
  const accuracy = { encrypted: 1 - error(encrypted), plain: 1 - error(plain) };
  report(part, {
    rows: learn.count,
    testRows: test.count,
    rounds,
    subsets,
    mappingSeconds,
    seconds,
    secondsARound: seconds / rounds,
    ...timesOf(encrypted, subsets),
    accuracyEncrypted: accuracy.encrypted,
    accuracyInClear: accuracy.plain,
    gradientNorms: [...encrypted.gradientNorms.filter((_, round) => round % 5 === 0)]
      .map((norm) => norm.toExponential(1))
      .join(' '),
  });
}

const parts = options.part.split(',');
if (parts.includes('sizes')) for (const features of [64, 256, 1024]) await sizes(features);
if (parts.includes('digits')) {
  const all = readDigits(options.digits);
  const featureMap = { kind: 'random-layer', units: Number(options.units), seed: 'veritrain' } as const;
  const program = defineProgram({ family: 'ridgeClassifier', classes: digits, lambda: 0.001, featureMap });
  await images('digits', program, fifths(all, false), fifths(all, true), 5, { mean: 5, scale: 11 });
}
if (parts.includes('mnist')) {
  const [learn, test] = [readImages(options.data, 'train'), readImages(options.data, 't10k')];
  const featureMap = {
    kind: 'random-convolution',
    height: 28,
    width: 28,
    white: 255,
    filters: Number(options.filters),
    stride: Number(options.stride),
    tiles: Number(options.tiles),
    seed: 'veritrain',
  } as const;
  const program = defineProgram({ family: 'ridgeClassifier', classes: digits, lambda, featureMap });
  const count = Number(options.images);
  const some = {
    ...learn,
    count,
    values: learn.values.subarray(0, 784 * count),
    labels: learn.labels.subarray(0, count),
  };
  await images('mnist', program, some, test, 7, { mean: 0, scale: 255 });
}
