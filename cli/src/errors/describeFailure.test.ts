import { VeritrainError } from '@veritrain/client-sdk';
import { listErrors } from '@veritrain/client-sdk/errors';
import { memberError } from '@veritrain/member/errors';
import { TrainingError } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { agentsErrors } from '@veritrain/agents/errors';
import { explainCode, listCodes } from '../explain.js';
import { describeFailure, statusOfCode } from './describeFailure.js';
import { exitStatus } from '../envelope.js';

describe('exit statuses', () => {
  it('follow from the code, whoever found the error', () => {
    const statuses = {
      VT0203: exitStatus.refused,
      VT0201: exitStatus.refused,
      VT7004: exitStatus.arguments,
      VT7402: exitStatus.refused,
      VT8001: exitStatus.connection,
      VT8004: exitStatus.arguments,
      VT8101: exitStatus.connection,
      VT8102: exitStatus.timeout,
      VT8106: exitStatus.refused,
      VT8302: exitStatus.connection,
      VT9001: exitStatus.arguments,
      VT9301: exitStatus.timeout,
      VT9999: exitStatus.bug,
      nonsense: exitStatus.bug,
    };
    for (const [code, status] of Object.entries(statuses)) expect(statusOfCode(code), code).toBe(status);
  });

  it('never call a refusal of the contract, or a wrong table, our bug', async () => {
    const others = (await listCodes()).filter(
      ({ foundBy }) => foundBy === 'contract' || foundBy === 'training',
    );
    expect(others.filter(({ code }) => statusOfCode(code) === exitStatus.bug)).toEqual([]);
  });
});

describe('failures', () => {
  it('keep code, title, facts and hint of every family', () => {
    const sdk = new VeritrainError({
      code: 'VT0203',
      title: 'NOT_APPROVED',
      reason: 'It is not approved.',
      hint: 'Approve it.',
      facts: { coupleId: 'tc_x' },
      transactionId: 'ab12',
    });
    expect(describeFailure(sdk)).toEqual({
      status: exitStatus.refused,
      failure: {
        code: 'VT0203',
        title: 'NOT_APPROVED',
        message: 'It is not approved.',
        facts: { coupleId: 'tc_x' },
        hint: 'Approve it.',
        transactionId: 'ab12',
      },
    });
    const training = describeFailure(new TrainingError('VT7008', 'x.csv has 3 rows', { rows: 3 }));
    expect(training).toMatchObject({
      status: exitStatus.arguments,
      failure: { code: 'VT7008', title: 'TOO_FEW_ROWS', message: 'x.csv has 3 rows', facts: { rows: 3 } },
    });
    const own = describeFailure(memberError('VT9101', 'There is no profile x.'));
    expect(own).toMatchObject({ status: exitStatus.connection, failure: { title: 'PROFILE_UNKNOWN' } });
  });

  it('call anything without a code a bug, and show its stack only when asked', () => {
    const error = new TypeError('x is not a function');
    expect(describeFailure(error, false).failure).toEqual({
      code: 'VT9999',
      title: 'BUG',
      message: 'TypeError: x is not a function',
      facts: {},
      hint: agentsErrors.VT9999.help,
    });
    expect(describeFailure(error, true).failure.stack).toContain('describeFailure.test.ts');
    expect(describeFailure('thrown').status).toBe(exitStatus.bug);
  });
});

describe('explained codes', () => {
  it('are unique over all packages, and each has help', async () => {
    const codes = await listCodes();
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
    expect(codes.filter(({ help }) => help.length < 10)).toEqual([]);
    expect(codes.length).toBeGreaterThan(listErrors().length + Object.keys(agentsErrors).length);
  });

  it('are found by code and by name, and the nearest is suggested', async () => {
    expect(await explainCode('VT0203')).toMatchObject({ title: 'NOT_APPROVED', foundBy: 'contract' });
    expect(await explainCode('TEXT_CELL')).toMatchObject({ code: 'VT7004', foundBy: 'training' });
    expect((await explainCode('VT8101')).foundBy).toBe('client SDK');
    await expect(explainCode('NOT_APROVED')).rejects.toThrow('Did you mean NOT_APPROVED?');
    await expect(explainCode('VT203')).rejects.toThrow('VT9007 UNKNOWN_CODE');
  });
});
