import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { expect, it } from 'vitest';
import { processorTimesOf } from '../command/processorTimes.js';

/** Uses this much processor time under the name of a contract's process, and ends. */
async function work(ms: number): Promise<void> {
  const program = `while (process.cpuUsage().user < ${ms * 1000}); setTimeout(() => undefined, 1_500)`;
  const child = spawn(process.execPath, ['-e', program, 'fabric-chaincode-node']);
  await once(child, 'exit');
}

it.skipIf(platform() !== 'linux')(
  'counts what processes of a kind take, and what has ended, too',
  async () => {
    const { times } = await processorTimesOf(() => work(600));
    expect(times.contract).toBeGreaterThanOrEqual(590);
  },
);

it('counts nothing of others', async () => {
  const { times } = await processorTimesOf(() => Promise.resolve());
  expect(Object.values(times).filter((ms) => ms < 0)).toEqual([]);
});
