import { existsSync, readFileSync } from 'node:fs';
import { parseTable, type Table } from '@veritrain/training';
import { Drbg } from '../../src/drbg.js';
import { framingham, rowsOfTable } from '../../src/testing/logistic.js';

/** The Diabetes table, 442 × 10, which the demo uses. Compiled benchmarks lie two folders deeper than their sources. */
export function diabetes(): Table {
  return parseTable(readFileSync(new URL('../../../../../demo/data/diabetes.csv', import.meta.url), 'utf8'));
}

/** The rows of a Framingham file that are whole (3,656 × 15); undefined where there is no such file. */
export function framinghamAt(path: string): Table | undefined {
  return existsSync(path) ? framingham(path) : undefined;
}

/** Uniform columns and a target of 0 and 1 that follows them with noise; the same for the same size. */
export function twoClasses(rows: number, features: number): Table {
  const drbg = new Drbg(Buffer.from(`bench/two-classes/${rows}/${features}`));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const values = Float64Array.from({ length: rows * features }, uniform);
  const targets = Float64Array.from({ length: rows }, (_, row) => {
    let odds = 1.5 * uniform();
    for (let j = 0; j < features; j++) odds += (values[row * features + j] ?? 0) / (1 + j);
    return odds > 0 ? 1 : 0;
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'synthetic', target: 'y', columns, rows, features, values, targets };
}

/** Uniform columns around a centre for each of some classes, which overlap; the same for the same sizes. */
export function severalClasses(rows: number, features: number, classes: number): Table {
  const drbg = new Drbg(Buffer.from(`bench/classes/${rows}/${features}/${classes}`));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const centres = Float64Array.from({ length: classes * features }, uniform);
  const targets = Float64Array.from({ length: rows }, () => drbg.below(classes));
  const values = Float64Array.from({ length: rows * features }, (_, place) => {
    const label = targets[Math.floor(place / features)] ?? 0;
    return (centres[label * features + (place % features)] ?? 0) + 3 * uniform();
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'synthetic', target: 'y', columns, rows, features, values, targets };
}

/** The columns of the Framingham table that TenSEAL's tutorial keeps. */
const tutorialColumns = [
  'male',
  'age',
  'cigsPerDay',
  'prevalentStroke',
  'prevalentHyp',
  'totChol',
  'sysBP',
  'heartRate',
  'glucose',
];

/**
 * The table of TenSEAL's tutorial: nine columns of Framingham, as many rows of one class as of the other, 780 rows to train on and
 * the others to test. Which rows are drawn is ours. Without Framingham, a synthetic table of this shape.
 */
export function tutorialTable(framinghamTable: Table | undefined): { train: Table; test: Table } {
  const table = framinghamTable === undefined ? twoClasses(1114, 9) : balanced(columnsOf(framinghamTable));
  const order = Array.from({ length: table.rows }, (_, row) => row);
  new Drbg(Buffer.from('bench/tutorial')).shuffle(order);
  return { train: rowsOfTable(table, order.slice(0, 780)), test: rowsOfTable(table, order.slice(780)) };
}

function columnsOf(table: Table): Table {
  const kept = tutorialColumns.map((name) => table.columns.indexOf(name));
  const values = Array.from({ length: table.rows }, (_, row) =>
    kept.map((column) => table.values[row * table.features + column] ?? NaN),
  );
  return {
    ...table,
    columns: tutorialColumns,
    features: kept.length,
    values: Float64Array.from(values.flat()),
  };
}

function balanced(table: Table): Table {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  new Drbg(Buffer.from('bench/balanced')).shuffle(rows);
  const classes = [0, 1].map((label) => rows.filter((row) => table.targets[row] === label));
  const count = Math.min(...classes.map(({ length }) => length));
  return rowsOfTable(
    table,
    classes.flatMap((of) => of.slice(0, count)),
  );
}
