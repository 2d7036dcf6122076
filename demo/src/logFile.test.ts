import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VeritrainError } from '@veritrain/client-sdk';
import { expect, it } from 'vitest';
import { testFolder } from '../../test/support/folder.js';
import { LogFile } from './logFile.js';

const folder = testFolder('log');

it('keeps each line, and takes none after its end', async () => {
  const path = join(folder(), 'member.log');
  const lost: VeritrainError[] = [];
  const log = new LogFile(path, (error) => lost.push(error));
  log.write('one');
  log.write('two');
  await log.end();
  log.write('three');
  await log.end();
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(lost).toEqual([]);
});

it('says once that it cannot be written, and goes on', async () => {
  const lost: VeritrainError[] = [];
  const path = join(folder(), 'none', 'member.log');
  const log = new LogFile(path, (error) => lost.push(error));
  log.write('one');
  await log.end();
  log.write('two');
  expect(lost).toMatchObject([{ code: 'VT9804', facts: { path, errno: 'ENOENT' } }]);
});

it.skipIf(!existsSync('/dev/full'))('names the file where its disk is full (/dev/full)', async () => {
  const lost: VeritrainError[] = [];
  const log = new LogFile('/dev/full', (error) => lost.push(error));
  for (let line = 0; line < 3; line += 1) log.write('one');
  await log.end();
  expect(lost).toMatchObject([{ code: 'VT9801', facts: { path: '/dev/full', errno: 'ENOSPC' } }]);
});
