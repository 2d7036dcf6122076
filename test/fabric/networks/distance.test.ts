import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploy, down, status, up, type NetworkChoices } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeFabric } from '../../support/fabric.js';
import { openContract, type OpenContract } from '../../support/fabricGateway.js';

// What delays a distant organisation sees bytes alone, so that it serves every kind of network.

const probe = fileURLToPath(new URL('../../conformance/probe', import.meta.url));
const parent = mkdtempSync(join(tmpdir(), 'veritrain-distance-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const roundTripMs = 100;
const withinMs = 300_000;

const kinds = {
  'SmartBFT and Fabric CAs': { consensus: 'bft', ca: true },
  'three Raft orderers, without TLS': { orderers: 3, tls: false },
  'Fabric 2.5': { version: '2.5.16' },
} as const satisfies Record<string, NetworkChoices>;

for (const [kind, choices] of Object.entries<NetworkChoices>(kinds))
  describeFabric(
    `an organisation that is 100 ms away: ${kind}`,
    () => {
      const folder = join(parent, kind.replaceAll(/\W+/g, '-'));
      let distant: OpenContract;
      let near: OpenContract;
      beforeAll(async () => {
        const network = await up({ folder, choices: { ...choices, organizations: 3, delayMs: roundTripMs } });
        await deploy({ folder, chaincode: probe, name: 'probe' });
        near = openContract(folder, network, { organization: 1, chaincode: 'probe' });
        distant = openContract(folder, network, { organization: 2, chaincode: 'probe' });
      }, withinMs);
      afterAll(async () => {
        near?.close();
        distant?.close();
        if (existsSync(folder)) await down(folder, { wipe: true });
      });

      it('takes its transactions, and those of others', async () => {
        await distant.contract.submitTransaction('put', 'distant', 'yes');
        await near.contract.submitTransaction('put', 'near', 'yes');
        const { nodes } = await status(folder);
        expect(nodes.filter(({ state }) => state !== 'running')).toEqual([]);
        expect(nodes.filter(({ kind: each }) => each === 'distance')).toHaveLength(1);
      });

      it.each([
        { from: 'near', endorser: 'Org2MSP', roundTrips: 1 },
        { from: 'distant', endorser: 'Org1MSP', roundTrips: 2 },
      ])('takes $roundTrips round trips from a $from gateway to $endorser', async (way) => {
        const { contract } = way.from === 'near' ? near : distant;
        const proposal = contract.newProposal('put', {
          arguments: ['endorsed', 'yes'],
          endorsingOrganizations: [way.endorser],
        });
        const start = performance.now();
        await proposal.endorse();
        expect(performance.now() - start).toBeGreaterThanOrEqual(way.roundTrips * roundTripMs);
      });

      it('takes a distant gateway a round trip to the orderers', async () => {
        const endorsed = await distant.contract
          .newProposal('put', { arguments: ['ordered', 'yes'] })
          .endorse();
        const start = performance.now();
        await endorsed.submit();
        expect(performance.now() - start).toBeGreaterThanOrEqual(2 * roundTripMs);
      });
    },
    choices.version,
  );
