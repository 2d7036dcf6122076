import { VeritrainError } from '@veritrain/client-sdk';
import { rejectReasonSchema } from '@veritrain/client-sdk/schemas';
import { decodeProgram } from '@veritrain/training';
import { expect, it } from 'vitest';
import { memberError } from '../errors/memberError.js';
import { rejectReasonOf } from './answerCouple.js';

const refused = (code: string): Error =>
  new VeritrainError({ code, title: 'REFUSED', reason: 'Refused.', hint: '' });
const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

it('attacks 42 and 44: what an approval failed with tells why the request is rejected', () => {
  const reasons: [unknown, string | undefined][] = [
    [refused('VT0502'), 'datasetWithdrawn'],
    [refused('VT0606'), 'lifetimeExhausted'],
    [memberError('VT9230', 'Another protection.'), 'programMismatch'],
    [thrownBy(() => decodeProgram(Buffer.from('{}'))), 'programUnusable'],
    [refused('VT8201'), 'programUnavailable'],
    [refused('VT8101'), undefined],
    [refused('VT0403'), undefined],
  ];
  for (const [error, reason] of reasons) {
    expect(rejectReasonOf(error)).toBe(reason);
    if (reason !== undefined) expect(rejectReasonSchema.options).toContain(reason);
  }
});
