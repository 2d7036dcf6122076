import { describe, expect, it, vi } from 'vitest';
import { asyncRefusal } from '../../testing/errors.js';
import { loadEncoder } from './encoder.js';
import { linearParameters } from './parameters.js';

let failures = 0;
vi.mock('node-seal', async (original) => {
  const seal: { default: () => Promise<unknown> } = await original();
  const load = () => (failures-- > 0 ? Promise.reject(new Error('out of memory')) : seal.default());
  return { ...seal, default: load };
});

describe('the encoder', () => {
  it('is tried again after it could not be loaded', async () => {
    const named = { ...linearParameters, name: 'tried-again' };
    failures = 1;
    await asyncRefusal(() => loadEncoder(named), 'VT7410');
    expect((await loadEncoder(named))(Float64Array.of(1), 28)).toHaveLength(2 * 8192);
  });

  it('is not that of other parameters which bear the same name', async () => {
    const named = { ...linearParameters, name: 'same' };
    expect(await loadEncoder({ ...named })).toBe(await loadEncoder(named));
    await asyncRefusal(() => loadEncoder({ ...named, keyPrimes: [97n] }), 'VT7410');
    expect(await loadEncoder({ ...named, floodBits: 70 })).not.toBe(await loadEncoder(named));
  });
});
