import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { isSetupWanted, MAX_SETUP_SUBSETS, SETUP_FLAG_BYTES, writeSetupFlags } from './setupFlags.js';

const subset = fc.integer({ min: 0, max: MAX_SETUP_SUBSETS - 1 });

it('flags say which subsets owe their set-up, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(subset), subset, (wanted, other) => {
      const flags = writeSetupFlags(wanted);
      expect(flags).toHaveLength(SETUP_FLAG_BYTES);
      for (const each of wanted) expect(isSetupWanted(flags, each)).toBe(true);
      expect(isSetupWanted(flags, other)).toBe(wanted.includes(other));
    }),
  );
});

it.each([-1, 0.5, MAX_SETUP_SUBSETS, NaN])('there is no flag for subset %d', (each) => {
  refusal(() => writeSetupFlags([each]), 'VT7502');
  refusal(() => isSetupWanted(new Uint8Array(SETUP_FLAG_BYTES), each), 'VT7502');
});
