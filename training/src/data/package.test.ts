import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { diabetes, syntheticTable } from '../testing/fixtures.js';
import { rowsOf } from '../testing/packages.js';
import { encodePackage } from './package.js';
import { openPackage, packageContent } from '../trainer/openedPackage.js';
import { splitTable } from './split.js';
import { templateDigest } from './template.js';

const { shards, template } = splitTable(diabetes(), { subsets: 3, seed: Buffer.from('package') });
const shard = shards[1]!;
const shardSecret = new Uint8Array(32).fill(7);
const bytes = encodePackage({ template, shard, shardSecret });

describe('packages', () => {
  it('come back as they went in', () => {
    const opened = openPackage(bytes);
    expect(opened).toMatchObject({
      subset: 1,
      rows: shard.rows,
      features: 10,
      templateDigest: templateDigest(template),
    });
    expect(packageContent(opened).shardSecret).toEqual(shardSecret);
    expect(rowsOf(bytes)).toEqual({ values: shard.values, targets: shard.targets });
  });

  it('come back for any shape', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 80 }), fc.integer({ min: 1, max: 32 }), (rows, features) => {
        const split = splitTable(syntheticTable(rows, features), { subsets: 2, seed: Buffer.from('x') });
        for (const part of split.shards) {
          const packed = encodePackage({ template: split.template, shard: part, shardSecret });
          expect(rowsOf(packed)).toEqual({ values: part.values, targets: part.targets });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are the same bytes for the same input, other bytes for another secret', () => {
    expect(encodePackage({ template, shard, shardSecret })).toEqual(bytes);
    expect(openPackage(bytes).digest).toBe(openPackage(bytes).digest);
    const other = encodePackage({ template, shard, shardSecret: new Uint8Array(32) });
    expect(openPackage(other).digest).not.toBe(openPackage(bytes).digest);
  });

  it('show neither rows nor secret when printed', () => {
    expect(Object.keys(openPackage(bytes)).sort()).toEqual([
      'digest',
      'features',
      'rows',
      'subset',
      'templateDigest',
    ]);
  });

  it('are refused at any other length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        refusal(() => openPackage(bytes.slice(0, length)), 'VT7202');
      }),
    );
    refusal(() => openPackage(Buffer.concat([bytes, new Uint8Array(1)])), 'VT7202');
  });

  it('are refused, or open as another package, after any change of a byte', () => {
    const digest = openPackage(bytes).digest;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (place, change) => {
          const changed = bytes.slice();
          changed[place] = changed[place]! ^ change;
          try {
            expect(openPackage(changed).digest).not.toBe(digest);
          } catch (error) {
            expect(error).toMatchObject({ code: 'VT7202' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are refused as random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (random) => void refusal(() => openPackage(random), 'VT7202'),
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0, 1e6, -22])('are refused with %d in a cell', (value) => {
    const changed = bytes.slice();
    new DataView(changed.buffer).setFloat64(changed.length - 8, value, true);
    refusal(() => openPackage(changed), 'VT7202');
  });

  it('are refused where the header is written in another order', () => {
    const text = Buffer.from(bytes).toString('latin1');
    const swapped = text.replace(/"features":10,"rows":(\d+)/, '"rows":$1,"features":10');
    expect(swapped).not.toBe(text);
    refusal(() => openPackage(Buffer.from(swapped, 'latin1')), 'VT7202');
  });

  it('are refused with a column that no standardised table holds, though each of its numbers could be', () => {
    const values = shard.values.slice();
    const open = (size: number) => {
      for (let row = 0; row < shard.rows; row++) values[row * shard.features + 1] = size;
      return openPackage(encodePackage({ template, shard: { ...shard, values }, shardSecret }));
    };
    const most = Math.sqrt(template.rows / shard.rows);
    expect(open(most * (1 - 1e-9)).rows).toBe(shard.rows);
    refusal(() => open(most * 1.01), 'VT7202');
  });

  it('are not made of a shard, template and secret that do not fit', () => {
    refusal(() => encodePackage({ template, shard: { ...shard, subset: 2 }, shardSecret }), 'VT7501');
    refusal(() => encodePackage({ template, shard: { ...shard, features: 9 }, shardSecret }), 'VT7501');
    refusal(() => encodePackage({ template, shard, shardSecret: new Uint8Array(31) }), 'VT7501');
  });

  it('are taken from openPackage only', () => {
    refusal(() => packageContent({ ...openPackage(bytes) }), 'VT7501');
  });
});
