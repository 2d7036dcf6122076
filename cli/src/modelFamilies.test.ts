import { defineProgram, familyNames as known } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import {
  checkFamilyOptions,
  familyNames,
  familyOptions,
  headText,
  learnsText,
  programOf,
  taskText,
} from './modelFamilies.js';

const logistic = (values: Record<string, string>) =>
  programOf(defineProgram, 'logistic', { protection: 'plain' }, values);

describe('the options of families', () => {
  it('are there for every family, with the defaults of its programs', () => {
    expect([...familyNames].sort()).toEqual([...known].sort());
    for (const family of familyNames) {
      expect(checkFamilyOptions(family, {})).toEqual([]);
      expect(programOf(defineProgram, family, {}, {})).toEqual(defineProgram({ family }));
    }
  });

  it('make the program that they say', () => {
    expect(logistic({ classes: '1, -2.5', degree: '1', ridge: '0.5', radius: '2' })).toEqual(
      defineProgram({
        family: 'logistic',
        protection: 'plain',
        classes: [1, -2.5],
        degree: 1,
        lambda: 0.5,
        radius: 2,
      }),
    );
    expect(programOf(defineProgram, 'linear', {}, { ridge: '0.1', localSteps: '3' })).toEqual(
      defineProgram({ lambda: 0.1, localSteps: 3 }),
    );
  });

  it('are refused where they belong to another family, or are wrong', () => {
    expect(checkFamilyOptions('logistic', { localSteps: '2' })).toEqual([
      { path: ['localSteps'], message: 'is for linear models, and this one is logistic (--family)' },
    ]);
    expect(checkFamilyOptions('linear', { classes: '0,1', degree: undefined })).toHaveLength(1);
    for (const wrong of [{ ridge: '0' }, { classes: '1,1' }, { classes: 'no,yes' }, { classes: '1,2,3' }])
      expect(checkFamilyOptions('logistic', wrong), JSON.stringify(wrong)).toHaveLength(1);
    expect(checkFamilyOptions('linear', { ridge: '0' })).toEqual([]);
  });

  it('of several classes are three values or more', () => {
    expect(checkFamilyOptions('multiLogistic', { classes: '0,1' })).toHaveLength(1);
    expect(checkFamilyOptions('multiLogistic', { classes: '1,2,3', degree: '1' })).toEqual([]);
    const { head } = programOf(defineProgram, 'multiLogistic', {}, { classes: '1,2,3', degree: '1' });
    expect(head).toEqual({ classes: [1, 2, 3], lambda: 0.001, degree: 1, radius: 3 });
  });

  it('say in the help which family takes them', () => {
    const help = Object.fromEntries(familyOptions);
    expect(help['--ridge <lambda>']).toMatch(
      /default for linear: 0, least squares; logistic: 0\.001; multiLogistic: 0\.001; ridge: 0\.001; ridgeClassifier: 0\.00001\)$/,
    );
    expect(help['--classes <values>']).toMatch(
      /default for logistic: 0,1; multiLogistic: 0,1,2; ridgeClassifier: 0,1\)$/,
    );
  });
});

describe('a program in words', () => {
  it('says what the family has to know, lists too', () => {
    expect(headText(defineProgram().head)).toMatch(/^lambda 0, .*optimiser quasiNewton$/);
    expect(headText(logistic({}).head)).toBe('classes 0 and 1, lambda 0.001, degree 2, radius 3');
  });

  it('says what the model does, and what each side learns by its training', () => {
    expect(taskText(logistic({ classes: '1,2' }))).toMatch(/probability of 2, not 1/);
    expect(learnsText(logistic({}))).toMatch(
      /second moments at once, .*third moments in each round; hosts: the model$/,
    );
    expect(learnsText(logistic({ degree: '1' }))).not.toMatch(/third/);
    expect(learnsText(defineProgram())).toMatch(/second moments; hosts: nothing of the model$/);
  });
});
