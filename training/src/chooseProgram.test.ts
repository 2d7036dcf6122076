import { describe, expect, it } from 'vitest';
import { chooseProgram, type ProgramWish } from './chooseProgram.js';
import { parseTable, type Table } from './data/table.js';
import { parseFeatureMap } from './maps/mapText.js';
import { defineProgram } from './program.js';
import { refusal } from './testing/errors.js';
import { prepare } from './testing/fixtures.js';

const tableOf = (targets: readonly (number | string)[], columns = 1): Table =>
  parseTable(
    [
      [...Array.from({ length: columns }, (_, column) => `x${column}`), 'y'].join(','),
      ...Array.from({ length: 60 }, (_, row) =>
        [
          ...Array.from({ length: columns }, (_, column) => (row * (column + 3)) % 61),
          targets[row % targets.length],
        ].join(','),
      ),
      '',
    ].join('\n'),
    { target: 'y' },
  );
const refusedFor = (wish: ProgramWish, table: Table): string => {
  const { message, facts } = refusal(() => chooseProgram(wish, table), 'VT7303');
  return `${message}; would fit: ${String(facts.wouldFit)}`;
};
const layer = parseFeatureMap('random-layer:units=40,seed=7');

describe('chooseProgram', () => {
  it('takes two values or texts for classes, other numbers for numbers', () => {
    expect(chooseProgram({}, tableOf([2, 1, 1, 2]))).toEqual(
      defineProgram({ family: 'logistic', classes: [1, 2] }),
    );
    expect(chooseProgram({}, tableOf(['rose', 'iris'])).family).toBe('logistic');
    expect(chooseProgram({}, tableOf([0, 1, 2, 1])).family).toBe('linear');
    const words = chooseProgram({}, tableOf(['rose', 'iris', 'tulip']));
    expect(words.head).toMatchObject({ classes: [0, 1, 2] });
  });

  it('learns what it is told to, by the family and the map that it is told', () => {
    expect(chooseProgram({ task: 'regression' }, tableOf([0, 1, 1, 0])).family).toBe('linear');
    expect(chooseProgram({ family: 'ridgeClassifier' }, tableOf([0, 1]))).toMatchObject({
      family: 'ridgeClassifier',
      head: { classes: [0, 1] },
    });
    expect(chooseProgram({ family: 'linear' }, tableOf([0, 1])).family).toBe('linear');
    const classes = { task: 'classification', featureMap: layer } as const;
    expect(chooseProgram(classes, tableOf([3, 1, 2]))).toMatchObject({
      featureMap: { units: 40 },
      head: { classes: [1, 2, 3] },
    });
  });

  it('leaves a family out that does not take so many features', () => {
    expect(chooseProgram({ featureMap: layer }, tableOf([0, 1])).family).toBe('ridgeClassifier');
    expect(chooseProgram({}, tableOf([0, 1], 33)).family).toBe('ridgeClassifier');
    expect(chooseProgram({}, tableOf([3, 1, 2, 4], 33)).family).toBe('ridge');
    const classes = { task: 'classification' } as const;
    expect(chooseProgram(classes, tableOf([3, 1, 2])).family).toBe('multiLogistic');
    expect(chooseProgram(classes, tableOf([3, 1, 2], 33)).family).toBe('ridgeClassifier');
  });

  it('asks no more than second moments of a private dataset', () => {
    const wish = { isPrivate: true };
    expect(chooseProgram(wish, tableOf([0, 1]))).toMatchObject({ family: 'logistic', head: { degree: 1 } });
    expect(chooseProgram(wish, tableOf([0, 1, 2])).family).toBe('linear');
    expect(refusedFor(wish, tableOf(['a', 'b', 'c']))).toMatch(
      /needs more than second moments.*would fit: none/,
    );
    expect(refusedFor({ ...wish, featureMap: layer }, tableOf([1, 2, 3]))).toContain('second moments');
  });

  it('refuses what does not fit, and says which families would', () => {
    const three = tableOf(['a', 'b', 'c']);
    expect(refusedFor({ task: 'regression' }, three)).toMatch(/3 texts.*would fit: classification/);
    expect(refusedFor({ family: 'logistic' }, three)).toMatch(
      /"y".*logistic: .*would fit: .*ridgeClassifier/,
    );
    expect(refusedFor({ family: 'logistic' }, three)).toContain('logistic: it does not learn 3 classes');
    expect(refusedFor({ family: 'linear' }, three)).toMatch(/3 texts.*would fit: classification/);
    expect(refusedFor({ family: 'linear', task: 'classification' }, three)).toContain('it is for regression');
    expect(refusedFor({ family: 'linear', featureMap: layer }, tableOf([1, 2, 3]))).toMatch(
      /at most 32 features, not 41/,
    );
    const many = tableOf(Array.from({ length: 17 }, (_, value) => value));
    expect(refusedFor({ task: 'classification' }, many)).toMatch(
      /more than 16 values.*would fit: regression/,
    );
    expect(refusedFor({ family: 'logistic' }, many)).toMatch(/more than 16 values.*would fit: linear/);
    const image = parseFeatureMap('random-convolution:height=28,width=28');
    expect(refusedFor({ featureMap: image }, tableOf([0, 1]))).toMatch(/28 × 28 pixels.*would fit: none/);
  });

  it('goes by a template, which says classes of texts alone', () => {
    const words = prepare(tableOf(['rose', 'iris', 'tulip']), 2).template;
    expect(chooseProgram({}, words).head).toMatchObject({ classes: [0, 1, 2] });
    const numbers = prepare(tableOf([0, 1]), 2).template;
    expect(chooseProgram({}, numbers).family).toBe('linear');
    const { message } = refusal(() => chooseProgram({ family: 'logistic' }, numbers), 'VT7303');
    expect(message).toContain('the values of the classes are not known');
  });
});

describe('parseFeatureMap', () => {
  it('reads kinds with their choices, and has defaults', () => {
    expect(layer).toEqual({ kind: 'random-layer', units: 40, seed: '7' });
    expect(parseFeatureMap('polynomial')).toEqual({ kind: 'polynomial', degree: 2 });
    expect(parseFeatureMap(' identity ')).toEqual({ kind: 'identity' });
    expect(parseFeatureMap('random-convolution:height=28, width=28')).toMatchObject({ white: 255, tiles: 2 });
  });

  it.each([
    ['cubic', /there are identity, polynomial/],
    ['polynomial:degree=3', /degree/],
    ['random-layer:width=3', /width/],
    ['random-layer:units', /units/],
    ['random-convolution', /height/],
    ['random-layer:units=3:seed=4', /there is no feature map/],
    ['', /there is no feature map ""/],
  ])('refuses %j', (text, what) => {
    expect(refusal(() => parseFeatureMap(text), 'VT7302').message).toMatch(what);
  });
});
