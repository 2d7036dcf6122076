import { expect, it } from 'vitest';
import * as training from './index.js';

it('exports exactly this', () => {
  expect(Object.keys(training).sort()).toEqual([
    'TrainingError',
    'agreementBits',
    'createModelOwnerTrainer',
    'decodeProgram',
    'decodeTemplate',
    'defineProgram',
    'encodePackage',
    'encodeProgram',
    'encodeTemplate',
    'expectedPrecisionBits',
    'mse',
    'openPackage',
    'parseProgram',
    'parseRows',
    'parseTable',
    'parseTemplate',
    'predict',
    'programDigest',
    'splitTable',
    'templateDigest',
    'templateSchema',
    'trainInClear',
    'trainOnShard',
    'trainerStateSchema',
    'trainingErrors',
    'trainingProgramSchema',
  ]);
});
