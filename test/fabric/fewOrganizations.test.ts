import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatus } from '@veritrain/cli';
import { afterAll, expect, it } from 'vitest';
import { callVeritrain } from '../cli/support/veritrain.js';
import { describeFabric } from '../support/fabric.js';
import { withinMs } from '../support/stage.js';
import { contract } from '../support/storyLedger.js';

describeFabric('a network of fewer than three organisations', () => {
  const home = mkdtempSync(join(tmpdir(), 'veritrain-few-'));
  const made: string[] = [];
  afterAll(async () => {
    for (const data of made) await veritrain('network', 'down', '--data', data);
    rmSync(home, { recursive: true, force: true });
  });

  /** What the command prints, on one line; fails where the command does. */
  async function veritrain(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await callVeritrain(args, { folder: home, home });
    expect(status, stderr).toBe(exitStatus.done);
    return stdout.replace(/\s+/g, ' ');
  }

  it.each([
    [
      1,
      ['Org1MSP'],
      'only one organisation votes',
      'a single one can write or veto a result, for development',
      'of 1 it takes 1 to write a result, 1 to veto a result, 1 to replace the contract: a single one can write a result and veto a result and replace the contract, for development',
    ],
    [
      2,
      ['Org1MSP', 'Org2MSP'],
      'only 2 organisations vote',
      'a single one can veto a result, for development',
      'of 2 it takes 2 to write a result, 1 to veto a result, 2 to replace the contract: a single one can veto a result, for development',
    ],
  ])(
    'of %i: up, market and doctor say what that gives away',
    async (organizations, voters, who, alone, powers) => {
      const name = `of-${organizations.toString()}`;
      const data = join(home, name);
      made.push(data);
      const up = await veritrain(
        'network',
        'up',
        '--data',
        data,
        '--organizations',
        organizations.toString(),
      );
      expect(up).toContain(alone);
      await veritrain('network', 'deploy', '--data', data, '--chaincode', contract);
      let configured = '';
      for (const [index] of voters.entries()) {
        const operator = `${name}-${(index + 1).toString()}`;
        // Where there is only one organisation, nobody has to say which.
        const which =
          organizations === 1 ? [] : ['--organization', `org${(index + 1).toString()}.example.com`];
        await veritrain('init', operator, '--connect', data, ...which, '--user', 'Admin');
        const confirming = ['configure', '--voters', ...voters, '--profile', operator];
        configured = await veritrain('market', ...confirming);
      }
      const givenAway = `a development market: ${who}, so one alone can write anything`;
      const profile = ['--profile', `${name}-1`];
      expect(configured).toContain(givenAway);
      expect(await veritrain('market', 'show', ...profile)).toContain(givenAway);
      const doctor = await veritrain('doctor', ...profile);
      expect(doctor).toContain(givenAway);
      expect(doctor).toContain(powers);
    },
    withinMs,
  );

  it(
    'of three, by default, gives nothing away',
    async () => {
      const data = join(home, 'default');
      made.push(data);
      const up = await veritrain('network', 'up', '--data', data);
      expect(up).toContain('majority of 3');
      expect(up).not.toContain('for development');
    },
    withinMs,
  );
});
