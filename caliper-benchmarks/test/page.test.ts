import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../command/page/chart.js';
import { figuresFolder, readFigures } from '../command/page/figures.js';
import { pageOf } from '../command/page/page.js';
import { reachTable } from '../command/page/reaches.js';

describe('docs/benchmarks.md', () => {
  const page = join(dirname(figuresFolder), 'benchmarks.md');

  it('is what the command makes of its figures, with every picture that it shows', async () => {
    const text = readFileSync(page, 'utf8');
    expect(text).toBe(await pageOf(readFigures()));
    const shown = [...text.matchAll(/\(benchmarks\/([\w-]+\.svg)\)/g)].map(([, name]) => name);
    const drawn = readdirSync(figuresFolder).filter((name) => name.endsWith('.svg'));
    expect(shown.sort()).toEqual(drawn.sort());
  });

  it('says why a reach was missed, and nothing where it was not', () => {
    const row = (ratio: number): string =>
      reachTable({ embeddedOverFabric: ratio })
        .split('\n')
        .find((line) => line.includes('embeddedOverFabric')) ?? '';
    expect(row(2.4)).toMatch(/at least 2\.5 \| 2\.4 \| \S/);
    expect(row(2.6)).toMatch(/at least 2\.5 \| 2\.6 \| {2}\|$/);
    expect(reachTable({}).match(/not measured/g)).toHaveLength(6);
  });
});

describe('a chart', () => {
  const points = [
    { x: 1, y: 20, series: 'embedded' },
    { x: 100, y: 200, series: 'embedded' },
    { x: 1, y: 10, series: 'fabric' },
  ];

  it.each(['line', 'bar'] as const)('of %ss names its axes, its lines and itself', async (mark) => {
    const svg = await drawChart({ name: 'c', title: 'Rates', points, x: 'in flight', y: 'per second', mark });
    for (const text of [
      'Rates',
      'per second',
      'embedded',
      'fabric',
      ...(mark === 'line' ? ['in flight'] : []),
    ])
      expect(svg).toContain(`>${text}<`);
  });
});
