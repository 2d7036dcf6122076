import { errorTable } from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import { describeError, listErrors } from './describe.js';
import { sdkErrors } from './table.js';
import { VeritrainError, isVeritrainError, sdkError } from './veritrainError.js';

describe('errors', () => {
  it('have one code each, a name and a help text, of the contract and of the SDK', () => {
    const all = listErrors();
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    expect(all).toHaveLength(Object.keys(errorTable).length + Object.keys(sdkErrors).length);
    for (const { code, name, help } of all) {
      expect(code).toMatch(/^VT[0-68]\d{3}$/);
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(help, code).toMatch(/^.{20,}[.`]$/s);
    }
    for (const code of Object.keys(sdkErrors)) expect(code).toMatch(/^VT8\d{3}$/);
  });

  it('are found by code, whatever its case', () => {
    expect(describeError('VT8005')?.name).toBe('ABORTED');
    expect(describeError('vt0203')?.name).toBe('NOT_APPROVED');
    expect(describeError('VT9999')).toBeUndefined();
  });

  it('say what happened, the facts, what to do and why, and keep the cause out of JSON', () => {
    const cause = new Error('inside');
    const error = sdkError('VT8202', 'The object is another.', {
      facts: { handle: 'h' },
      transactionId: 't',
      cause,
    });
    expect(error.message).toBe('VT8202 DIGEST_MISMATCH: The object is another.');
    expect(error).toMatchObject({ reason: 'The object is another.', facts: { handle: 'h' }, cause });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'VT8202',
      title: 'DIGEST_MISMATCH',
      message: error.message,
      facts: { handle: 'h' },
      hint: sdkErrors.VT8202.help,
      transactionId: 't',
    });
    expect(Object.isFrozen(error.facts)).toBe(true);
  });

  it('are told from others', () => {
    const error = sdkError('VT8005', 'Stopped.');
    expect(isVeritrainError(error)).toBe(true);
    expect(isVeritrainError(error, 'VT8001', 'VT8005')).toBe(true);
    expect(isVeritrainError(error, 'VT8001')).toBe(false);
    expect(isVeritrainError(error, 'NOT_OWNER', 'ABORTED')).toBe(true);
    expect(isVeritrainError(error, 'NOT_OWNER')).toBe(false);
    expect(isVeritrainError(new Error('VT8005'))).toBe(false);
    expect(error).toBeInstanceOf(VeritrainError);
  });
});
