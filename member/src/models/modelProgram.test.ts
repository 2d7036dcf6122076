import type { Aggregation } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { defineProgram, type Template } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { architectureOf, isDisagreement, requireAgreement, type Documents } from './modelProgram.js';

const program = defineProgram({ protection: 'encrypted' });
const words = {
  protection: 'encrypted' as const,
  architectureDigest: digestOf(architectureOf(program)),
  subsets: 3,
  aggregation: 'perSubset' as Aggregation,
};
const template = { subsetRows: [10, 10, 10] } as unknown as Template;

const disagreement = (documents: Documents, over: Partial<typeof words> = {}): unknown => {
  try {
    requireAgreement(documents, { ...words, ...over });
  } catch (error) {
    expect(isDisagreement(error)).toBe(true);
    return (error as { facts: unknown }).facts;
  }
  return undefined;
};

describe('attack 44: the ledger’s words and the documents behind its digests', () => {
  it('agree where all is well', () => {
    expect(disagreement({ program, template })).toBeUndefined();
    expect(disagreement({ program })).toBeUndefined();
  });

  it('a program in clear is not what `encrypted` says, nor the other way round', () => {
    const plain = defineProgram({ protection: 'plain' });
    expect(disagreement({ program: plain })).toEqual({
      word: 'protection',
      ledger: 'encrypted',
      program: 'plain',
    });
    expect(disagreement({ program }, { protection: 'plain' as 'encrypted' })).toMatchObject({
      word: 'protection',
    });
  });

  it('a program of encrypted data is refused: no couple says that hosts get no rows', () => {
    const encryptedData = defineProgram({ data: 'encrypted' });
    expect(disagreement({ program: encryptedData, template })).toEqual({
      word: 'protection of the data',
      ledger: 'plain',
      program: 'encrypted',
    });
  });

  it('another architecture, and a template with other subsets, are refused as well', () => {
    const architectureDigest = digestOf(Buffer.from('another'));
    expect(disagreement({ program }, { architectureDigest })).toMatchObject({ word: 'architecture' });
    expect(disagreement({ program, template }, { subsets: 4 })).toEqual({
      word: 'subsets',
      ledger: 4,
      template: 3,
    });
  });

  it('a template of sums is not what `perSubset` says, nor the other way round', () => {
    const sums = { ...template, aggregation: 'sum' } as Template;
    expect(disagreement({ program, template: sums }, { aggregation: 'sum' })).toBeUndefined();
    expect(disagreement({ program, template: sums })).toEqual({
      word: 'aggregation',
      ledger: 'perSubset',
      template: 'sum',
    });
    expect(disagreement({ program, template }, { aggregation: 'sum' })).toMatchObject({
      word: 'aggregation',
    });
  });
});
