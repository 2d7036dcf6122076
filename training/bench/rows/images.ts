import { defineProgram, openPackage, type DataPackage, type TrainingProgram } from '@veritrain/training';
import { duration } from '../command/units.js';
import { fifths, packagesOf, readDigits, readImages, tableOf, type Images } from '../support/images.js';
import { runBothOpened } from '../support/sideBySide.js';
import { randomDraws } from '../../src/testing/logistic.js';
import type { Benchmark, Measured } from './benchmark.js';
import { classNumbers, lastFigures, messagesOf, stepTimes } from './common.js';

/** What is trained on images, and on how many subsets of them. */
interface ImageTask {
  readonly program: TrainingProgram;
  readonly learn: Images;
  readonly test: Images;
  readonly subsets: number;
  readonly rounds: number;
  /** By which all pixels are standardised. */
  readonly units: { readonly mean: number; readonly scale: number };
}

const classifier = { family: 'ridgeClassifier', classes: classNumbers(10) } as const;

/** scikit-learn's digits by a random layer; every fifth is a test row. */
export const digits: Benchmark = {
  name: 'digits',
  title: 'digits 1,797 × 64, random layer of 500, a subset and round',
  needs: 'digits',
  async measure({ digits: path }) {
    if (path === undefined) throw new Error('the digits are missing');
    const all = readDigits(path);
    const featureMap = { kind: 'random-layer', units: 500, seed: 'veritrain' } as const;
    const program = defineProgram({ ...classifier, lambda: 0.001, featureMap });
    const [learn, test] = [fifths(all, false), fifths(all, true)];
    return measureImages({ program, learn, test, subsets: 5, rounds: 75, units: { mean: 5, scale: 11 } });
  },
};

/** All of MNIST by random convolutions: 64 filters, the mean of each over 4 × 4 tiles. */
export const mnist: Benchmark = {
  name: 'mnist',
  title: 'MNIST 60,000 × 784, 1,024 features, a subset and round',
  needs: 'mnist',
  async measure({ mnist: folder }) {
    if (folder === undefined) throw new Error('MNIST is missing');
    const featureMap = {
      kind: 'random-convolution',
      height: 28,
      width: 28,
      white: 255,
      filters: 64,
      stride: 1,
      tiles: 4,
      seed: 'veritrain',
    } as const;
    const program = defineProgram({ ...classifier, lambda: 0.00005, featureMap });
    const [learn, test] = [readImages(folder, 'train'), readImages(folder, 't10k')];
    return measureImages({ program, learn, test, subsets: 7, rounds: 104, units: { mean: 0, scale: 255 } });
  },
};

/** Once, whatever `--runs` says: it has many rounds, and most of its minutes are mapping. */
async function measureImages({ program, learn, test, subsets, rounds, units }: ImageTask): Promise<Measured> {
  const { template, packages } = packagesOf(learn, subsets, units);
  const opened: DataPackage[] = [];
  let mappingSeconds = 0;
  // One by one: all of them fill half a gigabyte.
  for (const bytes of packages) {
    const started = performance.now();
    opened.push(openPackage(bytes, { program, template }));
    mappingSeconds += (performance.now() - started) / 1000;
  }
  const drawn = Math.ceil(subsets / 2);
  const draws = randomDraws(rounds, subsets, drawn, 'images');
  const both = await runBothOpened({ program, template, draws }, opened);
  // A shard's first reply encodes its map.
  const all = Array.from({ length: subsets }, (_, subset) => subset);
  const encoded = {
    after: 1 + Math.max(...all.map((subset) => draws.findIndex((round) => round.includes(subset)))),
    drawn,
  };
  return {
    encryptedTimes: stepTimes([both], 'encrypted', encoded),
    plainTimes: stepTimes([both], 'plain', encoded),
    metric: 'test accuracy',
    ...lastFigures('accuracy', tableOf(test), both),
    ...messagesOf([both]),
    notes: [
      `${rounds} rounds of ${drawn} of ${subsets} subsets; hosts map and sum up their rows once, in ${duration(mappingSeconds / subsets)} a subset`,
    ],
  };
}
