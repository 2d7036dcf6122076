import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { down, up } from '@veritrain/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFabric } from '../support/fabric.js';
import { diabetes } from '../support/storyMarket.js';
import { Archives, installing, library, root, run } from './support/archives.js';
import { scriptSettings } from './support/scriptSettings.js';

/** MNIST as it is published, where the machine has it. */
const mnist = join(root, '..', 'shared', 'data', 'mnist');

let archives: Archives;
beforeAll(async () => {
  archives = await Archives.pack();
});
afterAll(() => archives?.clear());

describe('examples, copied out', installing, () => {
  it('quickstart predicts after six rounds, in fewer than 60 lines', async () => {
    const folder = await archives.copyExample('quickstart', library);
    writeFileSync(join(folder, 'patients.csv'), diabetes());
    const { stdout } = await run('npm', ['start', '--', 'patients.csv', 'target'], { cwd: folder });
    expect(stdout).toContain('round 6: part');
    const [, error = ''] = /Mean squared error over 442 rows: (\d+)\./.exec(stdout)!;
    // Least squares in clear leave 2860; the mean alone, 5930.
    expect(Number(error)).toBeLessThan(3_300);
    expect(readFileSync(join(folder, 'quickstart.mjs'), 'utf8').split('\n').length).toBeLessThan(60);
  });

  it('hospital-service passes its own tests', async () => {
    const folder = await archives.copyExample('hospital-service', library);
    const { stdout } = await run('npm', ['test'], { cwd: folder });
    expect(stdout).toMatch(/pass 4\n[^]*fail 0\n/);
  });

  it('model-owner-notebook trains on four fifths of the table, and explains half of the variance of the rest', async () => {
    const folder = await archives.copyExample('model-owner-notebook', library);
    writeFileSync(join(folder, 'patients.csv'), diabetes());
    const { stdout } = await run('npm', ['start', '--', 'patients.csv', 'target'], { cwd: folder });
    expect(stdout.match(/^## /gm)).toHaveLength(6);
    // Least squares in clear explains 52 %.
    expect(Number(/explained: ([\d.]+) %/.exec(stdout)![1])).toBeGreaterThan(45);
  });

  it('encrypted-data ends at least squares, with hosts that have ciphertexts alone', async () => {
    const folder = await archives.copyExample('encrypted-data', ['training']);
    writeFileSync(join(folder, 'patients.csv'), diabetes());
    const { stdout } = await run('npm', ['start', '--', 'patients.csv', 'target'], { cwd: folder });
    expect(stdout).toContain('3 subsets, 262368 bytes each, go to the clouds, encrypted.');
    const [, error = ''] = /After 12 rounds: mean squared error (\d+)\./.exec(stdout)!;
    // Least squares in clear leave 2860.
    expect(Number(error)).toBeLessThan(2_875);
    expect(readFileSync(join(folder, 'cloud.mjs'), 'utf8').split('\n').length).toBeLessThan(20);
  });

  it('churn learns classes from categories and gaps, and writes them as ONNX', async () => {
    const folder = await archives.copyExample('churn', library);
    const { stdout } = await run('npm', ['start'], { cwd: folder });
    expect(stdout).toContain('tenure is missing, contract = one year');
    expect(stdout).toContain('logistic: no or yes\n');
    // Logistic regression in clear has 0.8; guesses have 0.5.
    expect(Number(/AUC ([\d.]+)/.exec(stdout)![1])).toBeGreaterThan(0.65);
    expect(stdout).toContain('numbers (tenure, monthly, calls) and texts (contract, payment)');
    expect(existsSync(join(folder, 'churn.onnx'))).toBe(true);
  });

  it('own-family trains a family that no package brings, which passes the conformance suite', async () => {
    const folder = await archives.copyExample('own-family', library);
    const { stdout } = await run('npm', ['start'], { cwd: folder });
    const errors = [...stdout.matchAll(/mean error ([\d.]+),/g)].map(([, error]) => Number(error));
    expect(errors).toHaveLength(2);
    // Costs grow as squares: roots are learnt with about three quarters of the error of ridge regression.
    expect(errors[0]).toBeLessThan(0.9 * errors[1]!);
    expect(stdout).toMatch(/rootRidge: .* least prediction \d/);
    const tested = await run('npm', ['test', '--', '--test-reporter=tap'], { cwd: folder });
    expect(tested.stdout).toMatch(/# pass 11\n/);
  });

  const reason = `there is no MNIST in ${mnist}`;
  it.skipIf(!existsSync(mnist))('mnist-head tells digits apart', { meta: { reason } }, async () => {
    const folder = await archives.copyExample('mnist-head', ['training']);
    const small = ['--images', '800', '--filters', '8', '--tiles', '3', '--rounds', '12'];
    const { stdout } = await run('npm', ['start', '--', mnist, ...small], { cwd: folder });
    // Of ten digits a guess has 10 %.
    expect(Number(/trained on: ([\d.]+) %/.exec(stdout)![1])).toBeGreaterThan(75);
    expect(existsSync(join(folder, 'mnist.onnx'))).toBe(true);
  });

  it('any-chaincode passes its own tests', async () => {
    const folder = await archives.copyExample('any-chaincode', ['embedded-ledger']);
    const { stdout } = await run('npm', ['test'], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
    expect(stdout).toMatch(/Tests +4 passed/);
  });

  it('plain-gateway-client opens a market, hears of it, and is refused with a code', async () => {
    const folder = await archives.copyExample('plain-gateway-client', ['chaincode', 'embedded-ledger']);
    const args = ['--chaincode', 'node_modules/@veritrain/chaincode', '--data', 'ledger'];
    const ports = ['--port', '0', '--ca-port', '0', '--until-stdin-ends'];
    const ledger = spawn('node_modules/.bin/embedded-ledger', [...args, ...ports], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = once(ledger, 'exit');
    try {
      while (!existsSync(join(folder, 'ledger', 'connection.json'))) await delay(50);
      const { stdout } = await run('npm', ['start'], { cwd: folder });
      expect(stdout).toContain('voting: Org1MSP, Org2MSP, Org3MSP');
      expect(stdout.match(/^event: ConfigConfirmed/gm)).toHaveLength(3);
      expect(stdout).toContain('MarketConfigured');
      expect(stdout).toMatch(/refused: .*VT0201 NOT_FOUND/);
    } finally {
      ledger.stdin.end();
      await ended;
    }
  });
});

describeFabric('network-scripts, copied out', () => {
  it(
    'leads a network that runs to a predicted row, goes on after down, and leaves the network as it was',
    async () => {
      const folder = await archives.copyExample('network-scripts', [...library, 'demo', 'cli']);
      writeFileSync(join(folder, 'patients.csv'), diabetes());
      const network = join(archives.work, 'fabric');
      const env = await scriptSettings(network, await up({ folder: network, choices: { organizations: 2 } }));
      const market = async (...args: string[]): Promise<string> =>
        (await run('./market.sh', args, { cwd: folder, env, maxBuffer: 2 ** 24 })).stdout;
      const keys = (): string[] =>
        readdirSync(env.ORGANIZATIONS!, { recursive: true, encoding: 'utf8' }).sort();
      const keysBefore = keys();
      try {
        const told = await market('up', 'patients.csv', 'target');
        expect(told).toContain('Outcome: completed');
        expect(told).toMatch(/^2 +\d+\.\d+ +151$/m);
        // Least squares in clear leave 2860; the mean alone, 5930.
        expect(Number(/Mean squared error +([\d.]+)/.exec(told)![1])).toBeLessThan(3_300);
        const doctor = ['doctor', '--profile', 'lab'];
        const home = { ...env, VERITRAIN_HOME: join(folder, 'market', 'home') };
        await run('node_modules/.bin/veritrain', doctor, { cwd: folder, env: home });

        expect(await market('down')).toMatch(/cedar stopped\n[^]*service2 stopped\n/);
        expect(readdirSync(join(folder, 'market', 'processes'))).toEqual([]);
        expect(await market('predict', 'patients.csv')).toContain(/^2 .* 151$/m.exec(told)![0]);
      } finally {
        await market('down', '--wipe');
        await down(network);
      }
      expect(existsSync(join(folder, 'market'))).toBe(false);
      expect(keys()).toEqual(keysBefore);
      await expect(market('deploy')).rejects.toThrow(/market\.sh: localhost:\d+ does not answer for /);
    },
    installing.timeout,
  );
});
