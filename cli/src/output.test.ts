import { PassThrough } from 'node:stream';
import { memberError } from '@veritrain/member/errors';
import { describe, expect, it } from 'vitest';
import { commandError } from './errors/commandErrors.js';
import { envelopeSchema, itemLineSchema } from './envelope.js';
import { describeFailure } from './errors/describeFailure.js';
import { type Answer, type Format, Output } from './output.js';

function printed(format: Format, use: (output: Output) => void, quiet = false): { out: string; err: string } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  use(new Output({ command: 'thing list', format, quiet, stdout, stderr }));
  const read = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { out: read(stdout), err: read(stderr) };
}

const write = { transaction: 'DoThing', transactionId: 'ab'.repeat(32), blockNumber: '7' };
const answer: Answer = {
  data: { items: [1, 2] },
  items: [1, 2],
  text: 'one and two',
  writes: [write],
  next: 'veritrain thing show',
};

describe('output', () => {
  it('is text on stdout, with transaction and block; what comes next goes to stderr', () => {
    expect(printed('text', (output) => output.answer(answer))).toEqual({
      out: 'one and two\nDoThing: transaction abababab…abababab, block 7\n',
      err: 'Next: veritrain thing show\n',
    });
    expect(printed('text', (output) => output.answer(answer), true).err).toBe('');
  });

  it.each(['text', 'json', 'jsonl'] as const)('shows what a terminal would obey or hide, as %s', (format) => {
    const evil = 'x\u001b[2Jy\u009bz\u202ew\u200b\r';
    const { out, err } = printed(format, (output) => {
      output.progress(evil);
      output.item({ evil }, evil);
      output.answer({ data: { evil }, items: [evil], text: evil });
      output.fail(describeFailure(memberError('VT9001', evil, { facts: { path: `${evil}\nforged: 1` } })));
    });
    // eslint-disable-next-line no-control-regex -- they are what must not come out
    expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
    expect(`${out}${err}`).not.toMatch(/^forged/m);
    expect(err).toContain('x\\u001b[2Jy\\u009bz\\u202ew\\u200b\\u000d');
  });

  it('is exactly one envelope as json', () => {
    const { out, err } = printed('json', (output) => {
      output.progress('working');
      output.answer(answer);
    });
    expect(envelopeSchema.parse(JSON.parse(out))).toEqual({
      schemaVersion: 1,
      command: 'thing list',
      outcome: 'done',
      data: { items: [1, 2] },
      writes: [write],
    });
    expect(err).toBe('working\n');
  });

  it('is a line for each item and an envelope as jsonl', () => {
    const lines = printed('jsonl', (output) => output.answer(answer))
      .out.trim()
      .split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).map((line) => itemLineSchema.parse(JSON.parse(line)).item)).toEqual([1, 2]);
    expect(envelopeSchema.parse(JSON.parse(lines[2] ?? '')).outcome).toBe('done');
  });

  it('keeps what is watched for the one envelope of json, and prints it at once otherwise', () => {
    const watch = (output: Output): void => {
      output.item({ round: 1 }, 'round 1');
      output.answer({ data: { outcome: 'completed' }, text: 'Outcome: completed' });
    };
    expect(printed('text', watch).out).toBe('round 1\nOutcome: completed\n');
    expect(JSON.parse(printed('json', watch).out)).toMatchObject({
      data: { outcome: 'completed', items: [{ round: 1 }] },
    });
    expect(printed('jsonl', watch).out.split('\n')).toHaveLength(3);
    const stopped = printed('json', (output) => {
      output.item({ round: 1 }, 'round 1');
      output.fail(describeFailure(commandError('VT9301', 'It was not done after 2 s.')));
    });
    expect(JSON.parse(stopped.out)).toMatchObject({ exitStatus: 3, data: { items: [{ round: 1 }] } });
  });

  it('tells of a failure on stderr as text, and in an envelope otherwise', () => {
    const failure = describeFailure(
      memberError('VT9003', 'The table x cannot be read.', { facts: { path: 'x' } }),
    );
    const fail = (output: Output): void => output.fail(failure);
    const text = printed('text', fail);
    expect(text.out).toBe('');
    expect(text.err).toMatch(/^VT9003 FILE_MISSING: The table x cannot be read\.\n {2}path: x\nWhat to do: /);
    for (const format of ['json', 'jsonl'] as const) {
      expect(envelopeSchema.parse(JSON.parse(printed(format, fail).out))).toMatchObject({
        outcome: 'failed',
        exitStatus: 4,
        error: { code: 'VT9003' },
      });
    }
  });

  it('prints a result of its own form alone, and what failed beside it on stderr', () => {
    const failure = describeFailure(Object.assign(new Error(), { code: 'ENOSPC', syscall: 'write' }));
    const answer = (output: Output): void =>
      output.answer({ data: { rounds: 2 }, text: 'Rounds 2', bare: true, failure });
    const [json, text] = [printed('json', answer), printed('text', answer)];
    expect(json.out).toBe('{"rounds":2}\n');
    expect(text.out).toBe('Rounds 2\n');
    for (const { err } of [json, text]) expect(err).toMatch(/^VT9801 NO_SPACE: /);
  });

  it('prints what was found beside the failure', () => {
    const failure = describeFailure(commandError('VT9105', 'Not well: peer.'));
    const unwell = (output: Output): void =>
      output.answer({ data: { healthy: false }, text: 'FAIL peer', failure });
    expect(JSON.parse(printed('json', unwell).out)).toMatchObject({
      outcome: 'failed',
      data: { healthy: false },
    });
    expect(printed('text', unwell)).toMatchObject({
      out: 'FAIL peer\n',
      err: expect.stringContaining('VT9105'),
    });
  });

  it('prints a bare object as it is', () => {
    const bare = (output: Output): void =>
      output.answer({ data: { outcome: 'completed' }, text: '', bare: true });
    expect(printed('json', bare).out).toBe('{"outcome":"completed"}\n');
  });
});
