import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type DemoObject, DemoRun } from './support.js';

/** 3,000 people: an age, a dose, and a target that both make, as a number or as 0 and 1. */
function people(path: string, hasClasses: boolean): void {
  const lines = Array.from({ length: 3000 }, (_, row) => {
    const [age, dose] = [(row * 37) % 60, (row * 53) % 20];
    const sum = age / 60 + dose / 10 + ((row * 29) % 17) / 40;
    return [20 + age, dose, hasClasses ? Number(sum > 1.7) : sum].join();
  });
  writeFileSync(path, `age,dose,y\n${lines.join('\n')}\n`);
}

const cases = [
  { task: 'regression', family: 'linear', most: 4, worth: 'r2' },
  { task: 'classification', family: 'logistic', most: 1, worth: 'auc' },
] as const;

it.each(cases)(
  'a $task with differential privacy trains on moments with noise, in place of rows',
  async ({ task, family, most, worth }) => {
    const holder = new DemoRun('--help');
    const path = join(holder.folder, 'people.csv');
    people(path, task === 'classification');
    const run = new DemoRun(
      ...['--data', path, '--target', 'y', '--rounds', '3', '--epsilon', '3', '--clip', '2'],
      ...['--bounds', 'age=18:90', 'dose=0:20', `y=0:${String(most)}`, '--format', 'json'],
    );
    try {
      const { stdout, stderr } = await run.ended();
      const result = JSON.parse(stdout) as DemoObject;
      expect([result.task, result.family]).toEqual([task, family]);
      expect(result.privacy).toMatchObject({ epsilon: 3, delta: 1e-5, domain: 'stated' });
      expect(result.liar?.verdict).toBe('dissented');
      expect(stderr).toContain('hosts get moments with noise');
      const ofTest = result.metrics.filter(({ split }) => split === 'test');
      for (const { gap } of ofTest) expect(gap).toBeLessThan(1e-3);
      expect(ofTest.find(({ name }) => name === worth)?.encrypted).toBeGreaterThan(0.75);
      expect(readFileSync(result.report, 'utf8')).toContain('hosts got moments with noise, and no row');
    } finally {
      await run.clear();
      await holder.clear();
    }
  },
  400_000,
);
