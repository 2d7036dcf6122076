import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFailure as describeForPeople } from './describeFailure.js';
import { exitStatus } from '../envelope.js';
import { describeFailure as describeForLogs } from '@veritrain/agents';
import { writeAtomically } from '@veritrain/member/home';
import { memberError, systemErrorOf } from '@veritrain/member/errors';

const refused = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: said so`), { code, errno: -1, syscall: 'open', ...more });

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what the operating system refuses', () => {
  it.each([
    ['ENOSPC', 'VT9801'],
    ['EACCES', 'VT9802'],
    ['EPERM', 'VT9802'],
    ['EROFS', 'VT9803'],
    ['ENOTDIR', 'VT9804'],
    ['EMFILE', 'VT9805'],
    ['EADDRINUSE', 'VT9806'],
    ['EIO', 'VT9807'],
  ])('%s is %s for people and in logs, and never a bug', (errno, code) => {
    const error = refused(errno, { path: '/a/b' });
    const { failure, status } = describeForPeople(error, false);
    expect(status).toBe(exitStatus.system);
    expect(failure).toMatchObject({ code, facts: { path: '/a/b', syscall: 'open', errno } });
    expect(failure.message).toMatch(/^Cannot open \/a\/b: [a-z /-]+\.$/);
    expect(failure.hint).not.toContain('report');
    expect(describeForLogs(error)).toMatchObject({ code, hint: failure.hint });
  });

  it('is a quota that is used up, for which Node has a number alone', () => {
    const error = refused('Unknown system error -122', { errno: -constants.errno.EDQUOT });
    expect(systemErrorOf(error)).toMatchObject({
      code: 'VT9801',
      reason: 'Cannot open: disk quota exceeded.',
      facts: { errno: 'EDQUOT' },
    });
  });

  it('is found behind what a library made of it', () => {
    const error = new Error('the database is not open', { cause: refused('ENOSPC') });
    expect(systemErrorOf(error)).toMatchObject({ code: 'VT9801', cause: error });
  });

  it('stays what a code of ours has made of it', () => {
    expect(systemErrorOf(memberError('VT9003', 'Gone.', { cause: refused('ENOENT') }))).toBeUndefined();
  });

  it('is nothing that Node says of wrong arguments, and no bug', () => {
    expect(systemErrorOf(thrown(() => readFileSync('a\0b')))).toBeUndefined();
    expect(systemErrorOf(new TypeError('x is undefined'))).toBeUndefined();
  });

  it('names the file that was to be written, not a temporary one, and leaves none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'veritrain-system-'));
    try {
      writeFileSync(join(folder, 'file'), '');
      const path = join(folder, 'file', 'state.json');
      const error = thrown(() => writeAtomically(path, 'x'));
      expect(systemErrorOf(error)?.facts).toMatchObject({ path: expect.stringContaining('file') as string });
      expect(readdirSync(folder)).toEqual(['file']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
