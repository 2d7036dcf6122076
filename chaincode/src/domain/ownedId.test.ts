import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coupleId, datasetId, isOwnedByAnother, modelId, ownedId, proposalId } from './index.js';

const owner = { channel: 'market', chaincode: 'veritrain', ownerId: 'pt_owner' };
const schemas = { ds: datasetId, md: modelId, tc: coupleId, cf: proposalId };
const prefixes = ['ds', 'md', 'tc', 'cf'] as const;
const name = fc.stringMatching(/^[a-z2-7]{10}$/);

describe('attack 46: owned ids', () => {
  it('are the owner’s, on its ledger, for its kind of record, and no one else’s', () => {
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), name, fc.string(), (prefix, chosen, text) => {
        const id = ownedId(prefix, chosen, owner);
        expect(schemas[prefix].safeParse(id).success).toBe(true);
        expect(isOwnedByAnother(id, owner)).toBe(false);
        for (const field of ['channel', 'chaincode', 'ownerId'] as const) {
          const other = { ...owner, [field]: `${owner[field]}${text}x` };
          expect(isOwnedByAnother(id, other)).toBe(true);
        }
        const otherKind = prefixes[(prefixes.indexOf(prefix) + 1) % prefixes.length]!;
        expect(isOwnedByAnother(id.replace(prefix, otherKind), owner)).toBe(true);
        const last = id.endsWith('a') ? 'b' : 'a';
        expect(isOwnedByAnother(id.slice(0, -1) + last, owner)).toBe(true);
      }),
    );
  });

  it('leave names of any other form to whoever comes first', () => {
    for (const id of ['tc_spring', 'ds_patients', `md_${'a'.repeat(29)}`, `md_${'0'.repeat(30)}`])
      expect(isOwnedByAnother(id, owner)).toBe(false);
    expect(isOwnedByAnother(`md_${'a'.repeat(30)}`, owner)).toBe(true);
  });
});
