import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transactionNames, transactions } from '@veritrain/client-sdk/protocol';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { needsOf } from '../command/needs.js';
import { mixArguments } from '../workloads/arguments/mix.js';
import { tickArguments } from '../workloads/arguments/tick.js';
import { transactionArguments } from '../workloads/arguments/transaction.js';
import { oamShape } from '../workloads/oam/shape.js';
import { aloneTransactions } from '../workloads/story/alone.js';

const package_ = fileURLToPath(new URL('..', import.meta.url));
const folder = join(package_, 'benchmarks');

const schemas: Record<string, z.ZodType> = {
  'dist/workloads/mix.js': mixArguments,
  'dist/workloads/noop.js': z.undefined(),
  'dist/workloads/oam.js': oamShape,
  'dist/workloads/tick.js': tickArguments,
  'dist/workloads/transaction.js': transactionArguments,
};

const ownController = 'dist/rate-controllers/inFlight.js';

const benchmarkFile = z.looseObject({
  test: z.strictObject({
    name: z.string(),
    description: z.string(),
    workers: z.strictObject({ number: z.int().min(1) }),
    rounds: z.array(
      z
        .strictObject({
          label: z.string(),
          txDuration: z.int().min(1).optional(),
          txNumber: z.int().min(1).optional(),
          rateControl: z.discriminatedUnion('type', [
            z.strictObject({
              type: z.literal(ownController),
              opts: z.strictObject({ transactionLoad: z.int().min(1) }),
            }),
            z.strictObject({ type: z.literal('fixed-rate'), opts: z.strictObject({ tps: z.int().min(1) }) }),
          ]),
          workload: z.strictObject({ module: z.string(), arguments: z.unknown().optional() }),
        })
        .refine(({ txDuration, txNumber }) => (txDuration === undefined) !== (txNumber === undefined)),
    ),
  }),
});

const read = (name: string) => benchmarkFile.parse(parse(readFileSync(join(folder, name), 'utf8'))).test;

describe.each(readdirSync(folder))('%s', (name) => {
  const { workers, rounds } = read(name);

  it('says in its first line what it is for, and the README says so', () => {
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^# [A-Z].+\.\n/);
    expect(readFileSync(join(package_, 'README.md'), 'utf8')).toContain(`\`${name}\``);
  });

  it('has rounds that its workloads and rate controllers take', () => {
    for (const { label, workload, rateControl, txNumber } of rounds) {
      const schema = schemas[workload.module];
      if (schema === undefined) throw new Error(`${workload.module} is no workload`);
      const given = z
        .looseObject({ count: z.int().optional() })
        .parse(schema.parse(workload.arguments) ?? {});
      if (given.count !== undefined) expect(given.count, label).toBeGreaterThanOrEqual(txNumber ?? 0);
      if (rateControl.type === ownController)
        expect(rateControl.opts.transactionLoad, label).toBeGreaterThanOrEqual(workers.number);
      expect(existsSync(join(package_, workload.module.replace(/^dist(.*)\.js$/, '.$1.ts')))).toBe(true);
    }
  });
});

it('measures every transaction alone that can be repeated, and its README names the others', () => {
  const { rounds } = read('transactions.yaml');
  const labels = rounds.map(({ label }) => label);
  expect([...labels].sort()).toEqual([...aloneTransactions, 'Tick'].sort());
  for (const { label, workload } of rounds.filter((round) => round.label !== 'Tick'))
    expect(transactionArguments.parse(workload.arguments).transaction).toBe(label);
  const readme = readFileSync(join(package_, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('## Not measured alone');
  const named = (section.match(/`[A-Z][A-Za-z]+`/g) ?? []).map((each) => each.slice(1, -1));
  const others = transactionNames.filter(
    (name) => transactions[name].kind === 'submit' && !labels.includes(name),
  );
  expect(named.sort()).toEqual([...others].sort());
});

it('says whom benchmarks need', () => {
  const needs = (name: string) => {
    const { workers, rounds } = read(name);
    return needsOf([{ workers: workers.number, rounds }]);
  };
  expect(needs('alone.yaml')).toEqual({ workers: 1, replicas: 3, casts: 1, newcomers: 0 });
  expect(needs('hot.yaml')).toEqual({ workers: 1, replicas: 15, casts: 1, newcomers: 0 });
  expect(needs('members.yaml')).toEqual({ workers: 2, replicas: 3, casts: 200, newcomers: 0 });
  expect(needs('transactions.yaml')).toEqual({ workers: 2, replicas: 3, casts: 2, newcomers: 200 });
});
