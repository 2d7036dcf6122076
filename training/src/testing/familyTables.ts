import type { Table } from '../data/table.js';
import type { FamilyName } from '../models/registry.js';
import { classTable } from './classes.js';
import { diabetes, syntheticTable } from './fixtures.js';
import { binaryTable } from './logistic.js';

/** A table that each family can learn. */
export const familyTables: Readonly<Record<FamilyName, () => Table>> = {
  linear: diabetes,
  logistic: () => binaryTable('noisy', 6, 5),
  multiLogistic: () => classTable(300, 6),
  ridge: () => syntheticTable(300, 40),
  ridgeClassifier: () => classTable(300, 40),
};

/** What has no default that fits the table. */
export const familyChoices: Readonly<Partial<Record<FamilyName, object>>> = {
  multiLogistic: { classes: [0, 1, 2, 3] },
  ridgeClassifier: { classes: [0, 1, 2, 3] },
};
