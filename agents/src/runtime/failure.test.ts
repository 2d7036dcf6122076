import { VeritrainError } from '@veritrain/client-sdk';
import { memberError } from '@veritrain/member/errors';
import { expect, it } from 'vitest';
import { describeFailure, isOvertaken } from './failure.js';

const refusal = (code: string): VeritrainError =>
  new VeritrainError({ code, title: 'X', reason: 'It is so.', hint: 'Do this.', transactionId: 'ab' });

it('shows code, message, hint and transaction, and no cause', () => {
  expect(describeFailure(refusal('VT0203'))).toEqual({
    code: 'VT0203',
    message: 'VT0203 X: It is so.',
    hint: 'Do this.',
    transactionId: 'ab',
  });
  expect(describeFailure(memberError('VT9101', 'None.', { cause: new Error('secret') }))).toMatchObject({
    code: 'VT9101',
    message: expect.not.stringContaining('secret') as string,
  });
});

it('calls what has no code a bug', () => {
  expect(describeFailure(new TypeError('x is undefined'))).toEqual({
    code: 'VT9999',
    message: 'x is undefined',
  });
  expect(describeFailure('thrown')).toEqual({ code: 'VT9999', message: 'thrown' });
});

it('tells who was only too late or too early from who was refused', () => {
  expect(['VT0202', 'VT0403', 'VT0404', 'VT0608'].map((code) => isOvertaken(refusal(code)))).not.toContain(
    false,
  );
  expect(['VT0203', 'VT0301', 'VT8101'].map((code) => isOvertaken(refusal(code)))).not.toContain(true);
  expect(isOvertaken(new Error('VT0202'))).toBe(false);
});
