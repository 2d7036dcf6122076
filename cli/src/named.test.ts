import { describe, expect, it } from 'vitest';
import { namedBy } from './named.js';

const id = 'pt_jmgsisv3pazetktanlt4v5r4dk';
const other = 'pt_c6dn2vq7hzk4xyrw3m5tajeu2s';
const named = namedBy([{ participantId: id, name: 'alder' }]);

describe('names beside ids', () => {
  it('stand in every text of a record, and nothing else changes', () => {
    const record = { whom: [id, other], at: 7n, until: null, deep: { host: id } };
    expect(named(record)).toEqual({
      whom: ['alder (pt_jmgs…r4dk)', other],
      at: 7n,
      until: null,
      deep: { host: 'alder (pt_jmgs…r4dk)' },
    });
    expect(record.deep.host).toBe(id);
  });

  it('stand in sentences', () => {
    expect(named(`waiting for ${id}, ${other}: to be closed`)).toBe(
      `waiting for alder (pt_jmgs…r4dk), ${other}: to be closed`,
    );
    expect(named(`It is of ${id}.`)).toBe('It is of alder (pt_jmgs…r4dk).');
  });

  it.each([`invites/${id}.json`, `${id}.grant`, `${id}a`, `x${id}`])(
    'leave %s as it has to be typed',
    (text) => {
      expect(named(text)).toBe(text);
    },
  );
});
