import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minReplicasToConvict, planSlots } from './slots.js';

const sizes = fc.tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 15 }));

describe('planSlots', () => {
  it('gives every slot one host, and no host two slots of one subset', () => {
    fc.assert(
      fc.property(sizes, ([subsets, replicas]) => {
        const { slots } = planSlots(subsets, replicas);
        expect(new Set(slots.map(({ subset, slot }) => `${subset}/${slot}`)).size).toBe(subsets * replicas);
        expect(new Set(slots.map(({ subset, host }) => `${subset}/${host}`)).size).toBe(subsets * replicas);
      }),
    );
  });

  it('gives the liar work, but never a majority of a subset', () => {
    fc.assert(
      fc.property(sizes, ([subsets, replicas]) => {
        const { slots, liar } = planSlots(subsets, replicas);
        fc.pre(liar !== undefined);
        const held = slots.filter(({ host }) => host === liar);
        expect(held.length).toBeGreaterThan(0);
        for (let subset = 0; subset < subsets; subset += 1) {
          const count = held.filter((slot) => slot.subset === subset).length;
          expect(count).toBeLessThan(Math.floor(replicas / 2) + 1);
        }
      }),
    );
  });

  it('has no liar where nobody can be convicted', () => {
    expect(planSlots(3, minReplicasToConvict - 1).liar).toBeUndefined();
    expect(planSlots(3, minReplicasToConvict).liar).toBe(3);
  });

  it('keeps all hosts at work, within a slot or a round of slots of each other', () => {
    fc.assert(
      fc.property(sizes, ([subsets, replicas]) => {
        const { slots, hosts } = planSlots(subsets, replicas);
        const counts = Array.from(
          { length: hosts },
          (_, host) => slots.filter((slot) => slot.host === host).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
