import { describe, expect, it } from 'vitest';
import { cleanEnvironment, lastWords, runProgram } from './runProgram.js';

describe('running a program', () => {
  it('gives back what it wrote, in an environment without Fabric’s variables', async () => {
    process.env.CORE_PEER_ADDRESS = 'somewhere';
    const command = { program: '/bin/sh', arguments: ['-c', 'echo "$CORE_PEER_ADDRESS-$MINE"'] };
    expect(await runProgram({ ...command, environment: { MINE: 'mine' } })).toBe('-mine\n');
    expect(cleanEnvironment()).not.toHaveProperty('CORE_PEER_ADDRESS');
    delete process.env.CORE_PEER_ADDRESS;
  });

  it('says which program failed, and its telling words', async () => {
    const script = 'echo working; echo "Error: the channel is not there" >&2; echo Usage: >&2; exit 1';
    await expect(runProgram({ program: '/bin/sh', arguments: ['-c', script] })).rejects.toMatchObject({
      code: 'VT9507',
      message: expect.stringContaining('failed: Error: the channel is not there') as unknown,
      facts: { program: '/bin/sh' },
    });
  });

  it('stops when it is told to, with the reason', async () => {
    const stop = new AbortController();
    const running = runProgram({ program: '/bin/sleep', arguments: ['60'], signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('last words', () => {
  it('leaves out times, colours, and what does not tell why', () => {
    const log = [
      '\u001b[34m2026-11-26 00:51:25.413 UTC 0001 INFO\u001b[0m [orderer] Main -> starting',
      '\u001b[31m2026-11-26 00:51:25.500 UTC 0002 ERRO\u001b[0m [orderer] Main -> failed to parse config',
    ];
    expect(lastWords(log.join('\n'))).toBe('0002 ERRO [orderer] Main -> failed to parse config');
    expect(lastWords('one\ntwo\nthree\nfour')).toBe('two | three | four');
    expect(lastWords('')).toBe('it said nothing');
  });
});
