import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { diabetes } from '../testing/fixtures.js';
import { splitTable } from './split.js';
import { decodeTemplate, encodeTemplate, parseTemplate, templateDigest } from './template.js';

const { template } = splitTable(diabetes(), { subsets: 3, seed: Buffer.from('template') });

describe('templates', () => {
  it('come back as they went in, every number to the last bit', () => {
    expect(decodeTemplate(encodeTemplate(template))).toEqual(template);
  });

  it('have one text, whatever the order of the fields', () => {
    const turned = Object.fromEntries(Object.entries(template).reverse());
    expect(templateDigest(parseTemplate(turned))).toBe(templateDigest(template));
    const spaced = Buffer.from(JSON.stringify(template, null, 1));
    refusal(() => decodeTemplate(spaced), 'VT7201');
  });

  it('hold no row: one mean and scale per column, and counts', () => {
    expect(Object.keys(template).sort()).toEqual([
      'columns',
      'features',
      'rows',
      'schemaVersion',
      'statistics',
      'subsetRows',
      'target',
    ]);
    expect(Object.keys(template.statistics).sort()).toEqual(['means', 'scales', 'targetMean', 'targetScale']);
  });

  it.each([
    ['no object', 7],
    ['an unknown field', { ...template, note: 'x' }],
    ['another version', { ...template, schemaVersion: 2 }],
    ['a feature too many', { ...template, features: 11 }],
    ['two columns of one name', { ...template, columns: template.columns.map(() => 'a') }],
    ['a name with an escape sequence', { ...template, target: '\u001b[31mred' }],
    ['a name of two lines', { ...template, target: 'y\n5,=1' }],
    ['a name with a zero-width space', { ...template, target: 'y\u200b' }],
    ['a name that is not in NFC', { ...template, target: 'o\u0308' }],
    ['subsets that do not add up', { ...template, subsetRows: [1, 2, 3] }],
    ['a scale of zero', { ...template, statistics: { ...template.statistics, targetScale: 0 } }],
    ['a mean that is missing', { ...template, statistics: { ...template.statistics, means: [] } }],
  ])('are refused with %s', (_name, value) => {
    refusal(() => parseTemplate(value), 'VT7201');
  });

  it('are refused as bytes that are no JSON', () => {
    refusal(() => decodeTemplate(Uint8Array.of(0xff, 0xfe)), 'VT7201');
    refusal(() => decodeTemplate(Buffer.from('{"columns":')), 'VT7201');
  });
});
