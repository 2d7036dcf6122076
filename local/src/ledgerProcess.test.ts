import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startLedgerProcess, type LedgerProcess } from './ledgerProcess.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veritrain-ledger-process-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ready = {
  gateway: '127.0.0.1:1',
  ca: 'http://127.0.0.1:2',
  channel: 'market',
  chaincode: 'veritrain',
  organizations: '/nowhere',
  registrar: { enrolmentId: 'admin', secretFile: '/nowhere/secret' },
};

/** Starts a program in the ledger's place, which says what the test has it say. */
function start(source: string, signal?: AbortSignal): Promise<LedgerProcess> {
  const program = join(folder, 'program.mjs');
  writeFileSync(program, source);
  const options = { program, chaincode: 'chaincode', data: join(folder, 'data'), organizations: 2 };
  return startLedgerProcess(signal === undefined ? options : { ...options, signal });
}

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

const untilStopped = `process.stdin.on('end', () => process.exit(0)).resume();`;

describe('a ledger’s process', () => {
  it('is ready with its first line, was told what it needs, and ends when it is asked to', async () => {
    const ledger = await start(
      `console.log(JSON.stringify({ ...${JSON.stringify(ready)}, channel: process.argv.slice(2).join(' ') })); ${untilStopped}`,
    );
    expect(ledger).toMatchObject({
      gateway: ready.gateway,
      channel: `--chaincode chaincode --data ${join(folder, 'data')} --port 0 --ca-port 0 --organizations 2 --until-stdin-ends`,
    });
    expect(isRunning(ledger.processId)).toBe(true);
    await ledger.stop();
    expect(await ledger.ended).toBe('SIGTERM');
    expect(isRunning(ledger.processId)).toBe(false);
  });

  it('says why where it ends before it is ready: the error, not the end of its trace', async () => {
    const early = start(`import './absent.js';`);
    const error = await early.catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ cause: new Error('it ended with 1') });
    expect((error as Error).message).toMatch(
      /^the ledger did not start: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module '[^']*absent.js'/,
    );
  });

  it('is ended where its first line is another, and where the start is given up', async () => {
    const idFile = join(folder, 'id');
    const notesItsId = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(idFile)}, String(process.pid));`;
    const noted = (): number => z.coerce.number().int().positive().parse(readFileSync(idFile, 'utf8'));
    const speaks = start(`${notesItsId} console.log('{"gateway":1}'); ${untilStopped}`);
    await expect(speaks).rejects.toThrow('the ledger did not start');
    expect(isRunning(noted())).toBe(false);

    rmSync(idFile);
    const controller = new AbortController();
    const silent = start(`${notesItsId} ${untilStopped}`, controller.signal).catch((error: unknown) => error);
    await vi.waitFor(noted, 10_000);
    controller.abort();
    expect(await silent).toMatchObject({ cause: { name: 'AbortError' } });
    expect(isRunning(noted())).toBe(false);
  });
});
