import { parseInstanceId } from '@veritrain/client-sdk/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignHosts } from './planInvites.js';

const datasetId = 'ds_x';

describe('assigning hosts to slots', () => {
  it('fills every slot, evenly, and gives nobody two slots of one subset', () => {
    const sizes = fc.record({
      subsets: fc.integer({ min: 2, max: 40 }),
      replicas: fc.integer({ min: 1, max: 7 }),
      more: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(sizes, ({ subsets, replicas, more }) => {
        const hosts = Array.from({ length: replicas + more }, (_, index) => `pt_${index.toString()}`);
        const assignments = assignHosts({ datasetId, subsets, replicas, hosts, taken: new Map() });
        expect(new Set(assignments.map(({ instanceId }) => instanceId)).size).toBe(subsets * replicas);
        const inSubset = assignments.map(
          ({ instanceId, participantId }) =>
            `${parseInstanceId(instanceId).subsetIndex.toString()} ${participantId}`,
        );
        expect(new Set(inSubset).size).toBe(assignments.length);
        const loads = hosts.map(
          (host) => assignments.filter(({ participantId }) => participantId === host).length,
        );
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves held slots alone, and their holders out of that subset', () => {
    const taken = new Map([['ci_x_0_1', 'pt_b']]);
    const hosts = ['pt_a', 'pt_b', 'pt_c'];
    const found = assignHosts({ datasetId, subsets: 2, replicas: 3, hosts, taken });
    const first = found.filter(({ instanceId }) => instanceId.startsWith('ci_x_0_'));
    expect(first.map(({ instanceId }) => instanceId)).toEqual(['ci_x_0_0', 'ci_x_0_2']);
    expect(first.map(({ participantId }) => participantId).sort()).toEqual(['pt_a', 'pt_c']);
  });

  it('refuses fewer hosts than replicas', () => {
    const few = { datasetId, subsets: 2, replicas: 3, hosts: ['pt_a', 'pt_b'], taken: new Map() };
    expect(() => assignHosts(few)).toThrow('VT9001 WRONG_ARGUMENT: 3 replicas need 3 hosts; 2 were named.');
  });
});
