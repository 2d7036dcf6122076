import { describe, expect, it } from 'vitest';
import { BoundedCache } from './boundedCache.js';

describe('BoundedCache', () => {
  it('drops the oldest entries beyond its bytes', () => {
    const cache = new BoundedCache<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('b', 2, 4);
    cache.set('c', 3, 4);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 2, 3]);
  });

  it('counts a replaced entry once and a deleted one no more', () => {
    const cache = new BoundedCache<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('a', 2, 6);
    cache.set('b', 3, 4);
    expect([cache.get('a'), cache.get('b')]).toEqual([2, 3]);
    cache.delete('a');
    cache.set('c', 4, 6);
    expect([cache.get('b'), cache.get('c')]).toEqual([3, 4]);
  });

  it('does not keep what is larger than all of it, and loses nothing else for it', () => {
    const cache = new BoundedCache<string, number>(10);
    cache.set('a', 1, 10);
    cache.set('b', 2, 11);
    expect([cache.get('a'), cache.get('b')]).toEqual([1, undefined]);
  });
});
