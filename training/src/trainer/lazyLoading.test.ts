import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const hooks = `
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (name === 'node-seal') throw new Error('node-seal was asked for');
    return next(name, context);
  } });
`;
const script = (protection: string): string => `${hooks}
  const training = await import('@veritrain/training');
  const csv = 'x,target\\n' + Array.from({ length: 40 }, (_, row) => row + ',' + (3 * row + (row % 3))).join('\\n');
  const { shards, template } = training.splitTable(training.parseTable(csv), { subsets: 2 });
  const packages = shards.map((shard) => training.openPackage(training.encodePackage({ template, shard, shardSecret: new Uint8Array(32) })));
  const program = training.defineProgram({ protection: '${protection}' });
  await training.createModelOwnerTrainer({ program, template, secret: new Uint8Array(32), channel: 'a', chaincode: 'b', couple: 'c' });
  const { model } = await training.trainInClear({ program, template, packages, draws: [[0, 1], [0, 1]] });
  console.log(model.parameters.weights[0].toFixed(1));
`;

function run(protection: string): string {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  return execFileSync(process.execPath, ['--input-type=module', '-e', script(protection)], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

describe('node-seal', () => {
  it('is not loaded by programs in clear', () => {
    expect(run('plain').trim()).toBe('3.0');
  });

  it('is loaded by encrypted ones', () => {
    expect(() => run('encrypted')).toThrow('node-seal was asked for');
  });
});
