import { expect, it } from 'vitest';
import * as training from './index.js';

it('exports exactly this', () => {
  expect(Object.keys(training).sort()).toEqual([
    'MAX_PACKAGE_BYTES',
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
    'packagePieces',
    'parseProgram',
    'parseRows',
    'parseTable',
    'parseTemplate',
    'predict',
    'programDigest',
    'readPackage',
    'readTable',
    'resultBits',
    'splitRows',
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
