import { describe, expect, it } from 'vitest';
import { cleanEnvironment, runProgram } from './runProgram.js';

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
