import type { Benchmark } from './benchmark.js';
import { classesStep } from './classes.js';
import { encryptedDataDiabetes } from './encryptedData.js';
import { digits, mnist } from './images.js';
import { linearDiabetes } from './linear.js';
import { logisticFramingham } from './logistic.js';
import { logisticPass } from './onePass.js';
import { logisticStep } from './perStep.js';
import { ridgeStep } from './ridgeStep.js';
import { shards } from './shards.js';

/** All rows, in the order of the table. A new family is a file beside this one and a line here. */
export const benchmarks: readonly Benchmark[] = [
  linearDiabetes,
  encryptedDataDiabetes,
  logisticFramingham,
  logisticPass,
  logisticStep({ features: 16, goalSeconds: 0.008 }),
  logisticStep({ features: 32, goalSeconds: 0.03 }),
  classesStep({ features: 16, classes: 10 }),
  classesStep({ features: 32, classes: 10 }),
  ridgeStep({ features: 256, goalSeconds: 0.2 }),
  ridgeStep({ features: 1024, goalSeconds: 1 }),
  digits,
  mnist,
  shards,
];
