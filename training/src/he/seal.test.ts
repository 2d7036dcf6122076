import { describe, expect, it } from 'vitest';
import { asyncRefusal } from '../testing/errors.js';
import { linearParameters } from './parameters.js';
import { loadEncoder } from './seal.js';

describe('the encoder', () => {
  it('is tried again after it could not be loaded', async () => {
    const named = { ...linearParameters, name: 'tried-again' };
    await asyncRefusal(() => loadEncoder({ ...named, keyPrimes: [97n] }), 'VT7410');
    expect((await loadEncoder(named))(Float64Array.of(1), 28)).toHaveLength(2);
  });
});
