import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.js';

describe('the nearest name', () => {
  it('is suggested where it is near', () => {
    expect(nearest('approv', ['request', 'approve', 'reject'])).toBe('approve');
    expect(nearest('TC_SPRING', ['tc_spring', 'tc_summer'])).toBe('tc_spring');
    expect(didYouMean('hospitl', ['hospital', 'lab'])).toBe(' Did you mean hospital?');
  });

  it('is none where nothing is near, or there is nothing', () => {
    expect(nearest('xyz', ['request', 'approve'])).toBeUndefined();
    expect(didYouMean('x', [])).toBe('');
  });
});
