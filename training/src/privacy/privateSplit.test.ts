import { describe, expect, it } from 'vitest';
import { encodePrivatePackage } from '../data/privatePackage.js';
import type { SecondMoments } from '../data/secondMoments.js';
import { encodePackage } from '../data/package.js';
import { rowTableOf, splitTable } from '../data/split.js';
import { parseTable, type Table } from '../data/table.js';
import { encodeTemplate, type Template } from '../data/template.js';
import { shardBlocks } from '../data/rowBlock.js';
import { Drbg } from '../drbg.js';
import { LogisticSums } from '../models/logistic/moments.js';
import { defineProgram, type TrainingProgram } from '../program.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { diabetes, runRounds, syntheticTable, trainerOf, turns, type Prepared } from '../testing/fixtures.js';
import { hardKinds, hardTable } from '../testing/hardTables.js';
import { binaryKinds, binaryTable } from '../testing/logistic.js';
import { momentsOf, openPackage } from '../trainer/openedPackage.js';
import { splitPrivately, type PrivacyChoices } from './privateSplit.js';

const shardSecret = new Uint8Array(32);
const seed = Buffer.from('private');

function split(table: Table, subsets: number, privacy: PrivacyChoices, from: Uint8Array = seed) {
  return splitPrivately(rowTableOf(table), { subsets, privacy, seed: from });
}

/** A private table, packed and opened again. */
function prepare(table: Table, subsets: number, privacy: PrivacyChoices, program: TrainingProgram): Prepared {
  const { template, moments } = split(table, subsets, privacy);
  const packageBytes = moments.map((of, subset) =>
    encodePrivatePackage({ template, subset, moments: of, shardSecret }),
  );
  const { family } = program;
  return {
    table,
    template,
    packageBytes,
    packages: packageBytes.map((bytes) => openPackage(bytes, { family })),
  };
}

const observed = (epsilon: number): PrivacyChoices => ({ epsilon, observed: true });
const degreeOne = defineProgram({ family: 'logistic', degree: 1 });

describe('a private split', () => {
  it('gives all replicas one package, without rows, and the same again', () => {
    const of = { epsilon: 3, observed: true };
    const bytes = (): Uint8Array[] => prepare(diabetes(), 3, of, defineProgram()).packageBytes.slice();
    const [first, again] = [bytes(), bytes()];
    expect(first).toEqual(again);
    // 442 rows of 11 numbers would be 39 kB.
    for (const one of first) expect(one.length).toBeLessThan(1200);
    expect(encodeTemplate(split(diabetes(), 3, of).template)).toEqual(
      encodeTemplate(split(diabetes(), 3, of).template),
    );
  });

  it('gets other noise for another table, other terms, and another secret', () => {
    const table = diabetes();
    const [first] = split(table, 3, observed(3)).moments;
    const changed = { ...table, values: Float64Array.from(table.values) };
    changed.values[0]! += 1;
    // Where noise cancelled, all moments but those of one row would stay.
    const apart = (other: SecondMoments | undefined): number =>
      first!.second.filter((value, place) => Math.abs(value - other!.second[place]!) > 1e-6).length;
    for (const other of [
      split(changed, 3, observed(3)),
      split(table, 3, observed(3.001)),
      split(table, 3, observed(3), Buffer.from('other')),
    ])
      expect(apart(other.moments[0])).toBe(first!.second.length);
  });

  it('says its terms in the template, whether bounds were stated, and deals rows at random', () => {
    const table = syntheticTable(300, 2);
    const bounds = { x0: [-1, 1], x1: [-1, 1], y: [-3, 3] } as const;
    const { template, report } = split(table, 3, { epsilon: 2, delta: 1e-6, clip: 2, bounds });
    expect(template.privacy).toEqual({ epsilon: 2, delta: 1e-6, clip: 2, targetClip: 3, domain: 'stated' });
    expect(report.rule).toBe('random');
    expect(report.leastCells).toEqual([]);
    expect(
      split(table, 3, { epsilon: 2, bounds: { x0: [-1, 1] }, observed: true }).template.privacy!.domain,
    ).toBe('observed');
    expect('privacy' in splitTable(table, { subsets: 3, seed }).template).toBe(false);
  });

  it('refuses columns of which nothing is stated, terms without meaning, and bounds of no column', () => {
    const table = syntheticTable(300, 2);
    const error = refusal(() => split(table, 3, { epsilon: 1, bounds: { x0: [0, 1] } }), 'VT7509');
    expect(error.facts).toEqual({ columns: 'x1, y' });
    for (const wrong of [
      { epsilon: 0 },
      { epsilon: Number.NaN },
      { epsilon: 1, delta: 0 },
      { epsilon: 1, delta: 1 / 300 },
      { epsilon: 1, clip: 0 },
      { epsilon: 1, clip: Infinity },
      { epsilon: 1, bounds: { other: [0, 1] as const } },
      { epsilon: 1, bounds: { x0: [1, 1] as const } },
    ])
      refusal(() => split(table, 3, { observed: true, ...wrong }), 'VT7501');
    refusal(() => split(syntheticTable(300, 33), 3, observed(1)), 'VT7302');
    refusal(() => split(table, 200, observed(1)), 'VT7102');
  });

  it('lets no row of its own out, and no moments of another dataset in', () => {
    const { template, moments } = split(syntheticTable(300, 2), 2, observed(1));
    const plain = splitTable(syntheticTable(300, 2), { subsets: 2, seed });
    refusal(() => encodePackage({ template, shard: plain.shards[0]!, shardSecret }), 'VT7501');
    const other = { subset: 0, moments: moments[0]!, shardSecret };
    refusal(() => encodePrivatePackage({ ...other, template: plain.template }), 'VT7501');
    const bytes = encodePrivatePackage({ ...other, template });
    refusal(() => openPackage(bytes.subarray(0, bytes.length - 1)), 'VT7202');
    refusal(() => openPackage(Buffer.concat([bytes, new Uint8Array(8)])), 'VT7202');
    const huge = Uint8Array.from(bytes);
    new DataView(huge.buffer).setFloat64(bytes.length - 8, 1e9, true);
    refusal(() => openPackage(huge), 'VT7202');
  });
});

/** People: rare strokes, two common flags, an age. One person has had a stroke. */
function people(): Table {
  const drbg = new Drbg(Buffer.from('people'));
  const values = Float64Array.from({ length: 600 * 4 }, (_, place) =>
    place % 4 === 0 ? Number(place === 50 * 4) : place % 4 === 3 ? 32 + drbg.below(40) : drbg.below(2),
  );
  const targets = Float64Array.from({ length: 600 }, () => drbg.below(10_000));
  const columns = ['stroke', 'male', 'smoker', 'age'];
  return { source: 'people', target: 'y', columns, rows: 600, features: 4, values, targets };
}

/** Σ stroke · column over a subset, in units of the table: the person's row, where one person of it has had a stroke. */
function strokeRow({ second, means: own }: SecondMoments, rows: number, { statistics }: Template): number[] {
  const { means, scales } = statistics;
  return means.map(
    (mean, j) =>
      rows *
      (scales[0]! * scales[j]! * second[j]! +
        means[0]! * scales[j]! * own[j]! +
        mean * scales[0]! * own[0]! +
        means[0]! * mean),
  );
}

describe('attack 52: the row of the only person with a flag', () => {
  const table = people();
  const truth = [...table.values.subarray(50 * 4, 51 * 4)];

  it('is read from second moments without noise', () => {
    const { shards, template, report } = splitTable(table, { subsets: 2, seed });
    const strokes = report.leastCells.find(({ column }) => column === 'stroke')!;
    const subset = strokes.bySubset.findIndex(({ count }) => count === 1);
    const sums = new LogisticSums();
    sums.begin(4);
    for (const block of shardBlocks(shards[subset]!)) sums.rows(block);
    const read = strokeRow(sums.moments(), shards[subset]!.rows, template);
    read.forEach((value, j) => expect(value).toBeCloseTo(truth[j]!, 6));
  });

  it('is a guess with it: flags are right as often as a coin, the age is decades off', () => {
    let [right, apart] = [0, 0];
    const trials = 40;
    for (let trial = 0; trial < trials; trial++) {
      const { template, moments } = split(table, 2, observed(3), Buffer.from(`trial ${trial}`));
      // The better of both subsets, as if the attacker knew where the person is.
      const read = moments.map((of, subset) => strokeRow(of, template.subsetRows[subset]!, template));
      right += [1, 2].filter((j) =>
        read.some((row) => row[j]! > 0.5 === (truth[j] === 1) && row[0]! > 0.5),
      ).length;
      apart += Math.min(...read.map((row) => Math.abs(row[3]! - truth[3]!)));
    }
    expect(right / (2 * trials)).toBeLessThan(0.8);
    expect(apart / trials).toBeGreaterThan(20);
  });
});

describe('rows that are set aside of a private dataset', () => {
  it('are drawn whatever the targets are, so that one changed target moves no other row', () => {
    const csv = (first: number): string =>
      ['x,y', ...Array.from({ length: 200 }, (_, row) => `${row / 7},${row === 0 ? first : row % 2}`)].join(
        '\n',
      );
    const drawn = (first: number, unstratified: boolean) =>
      parseTable(csv(first), { target: 'y', heldOut: { share: 0.2, seed, unstratified } }).heldOut!.values;
    expect(drawn(0, true)).toEqual(drawn(1, true));
    expect(drawn(0, false)).not.toEqual(drawn(1, false));
  });
});

describe('training on a private dataset', () => {
  it('learns what the noise leaves, encrypted', async () => {
    const table = syntheticTable(20_000, 3);
    const linear = defineProgram();
    const bounds = { x0: [-0.5, 0.5], x1: [-0.5, 0.5], x2: [-0.5, 0.5], y: [-3.5, 3.5] } as const;
    const data = prepare(table, 3, { epsilon: 3, bounds, clip: 3 }, linear);
    const { trainer, state } = await runRounds(data, linear, turns(6, 3, 2));
    const { weights } = trainer.result(state).parameters as { weights: number[] };
    [1, 2, 3].forEach((truth, j) => expect(Math.abs(weights[j]! - truth)).toBeLessThan(0.25));
  }, 60_000);

  it('refuses programs that need more than second moments, at hosts and model owners', async () => {
    const data = prepare(binaryTable('noisy', 3, 1), 2, observed(3), degreeOne);
    const polynomial = { kind: 'polynomial', degree: 2 } as const;
    for (const program of [
      defineProgram({ family: 'logistic', degree: 2 }),
      defineProgram({ family: 'ridgeClassifier', classes: [0, 1] }),
      defineProgram({ featureMap: polynomial }),
    ]) {
      await asyncRefusal(() => trainerOf(data, program), 'VT7508');
      const { template } = data;
      refusal(() => momentsOf(openPackage(data.packageBytes[0]!, { program, template }), program), 'VT7508');
    }
  });

  it.each([
    ...hardKinds.map((kind) => ({
      kind,
      table: hardTable(kind, 3, 1),
      program: defineProgram({ protection: 'plain' }),
    })),
    ...binaryKinds.map((kind) => ({
      kind,
      table: binaryTable(kind, 3, 1),
      program: defineProgram({ family: 'logistic', degree: 1, protection: 'plain' }),
    })),
  ])('ends within bounds however large the noise: $program.family, $kind', async ({ table, program }) => {
    for (const epsilon of [0.05, 1, 20]) {
      const data = prepare(table, 2, observed(epsilon), program);
      const { trainer, state, metrics } = await runRounds(data, program, turns(8, 2, 1));
      expect(metrics.flatMap(({ unusable }) => unusable)).toEqual([]);
      expect(metrics.every(({ lossEstimate }) => Number.isFinite(lossEstimate) && lossEstimate <= 1e-9)).toBe(
        true,
      );
      const { weights, intercept } = trainer.result(state).parameters as {
        weights: number[];
        intercept: number;
      };
      const { scales, targetScale } = data.template.statistics;
      const unit = program.family === 'linear' ? targetScale : 1;
      expect(Number.isFinite(intercept)).toBe(true);
      for (const [j, weight] of weights.entries())
        expect(Math.abs((weight * scales[j]!) / unit)).toBeLessThan(200);
    }
  });
});
