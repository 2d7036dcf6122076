import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LedgerError } from './errors.js';
import { parseOptions, requiredEndorsements } from './options.js';
import type { LedgerOptions } from './options.js';

const given = { chaincode: 'folder', data: 'data' };

describe('parseOptions', () => {
  it('fills in what is left out', () => {
    expect(parseOptions(given)).toMatchObject({
      host: '127.0.0.1',
      port: 7051,
      caPort: 7054,
      batchSize: 500,
      executeTimeoutMs: 10_000,
    });
  });

  it.each([
    ['port', 65_536],
    ['port', -1],
    ['batchSize', 0],
    ['batchTimeoutMs', 1.5],
    ['organizations', 0],
    ['endorse', 'most'],
    ['channel', 'Market'],
    ['name', 'no/slash'],
    ['surprise', 1],
  ])('refuses %s = %s and names it', (option, value) => {
    const options = { ...given, [option]: value } as LedgerOptions;
    expect(() => parseOptions(options)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  });

  it('answers anything with options or a coded error', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (options) => {
        try {
          parseOptions(options as unknown as LedgerOptions);
        } catch (error) {
          expect(error).toBeInstanceOf(LedgerError);
        }
      }),
    );
  });
});

describe('requiredEndorsements', () => {
  it.each([
    ['all', 3, 3],
    ['any', 3, 1],
    ['majority', 1, 1],
    ['majority', 2, 2],
    ['majority', 3, 2],
    ['majority', 4, 3],
    [2, 3, 2],
  ] as const)('%s of %i is %i', (rule, organizations, required) => {
    expect(requiredEndorsements(rule, organizations)).toBe(required);
  });

  it('refuses more endorsements than organisations', () => {
    expect(() => requiredEndorsements(4, 3)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  });
});
