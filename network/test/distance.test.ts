import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeFabric } from '../../test/support/fabric.js';
import { openContract, type OpenContract } from '../../test/support/fabricGateway.js';
import { deploy, down, status, up, type NetworkFile } from '../src/index.js';

const probe = fileURLToPath(new URL('../../test/conformance/probe', import.meta.url));
const parent = mkdtempSync(join(tmpdir(), 'veritrain-distance-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const roundTripMs = 100;
/** Generous: after a start, peers may take several rounds of gossip to discover each other. */
const withinMs = 300_000;

describeFabric('a network whose second and fourth organisation are 100 ms away', () => {
  const folder = join(parent, 'four');
  const opened = new Map<number, OpenContract>();
  let network: NetworkFile;

  beforeAll(async () => {
    network = await up({ folder, choices: { organizations: 4, delayMs: roundTripMs } });
    await deploy({ folder, chaincode: probe, name: 'probe' });
  });
  afterAll(async () => {
    for (const { close } of opened.values()) close();
    if (existsSync(folder)) await down(folder, { wipe: true });
  });

  const at = (organization: number): OpenContract['contract'] => {
    const found =
      opened.get(organization) ?? openContract(folder, network, { organization, chaincode: 'probe' });
    opened.set(organization, found);
    return found.contract;
  };

  /**
   * The time in which an organisation's gateway gets the endorsement of one organisation, as its client measures it.
   */
  async function endorsementMs(gateway: number, endorser: number): Promise<number> {
    const proposal = at(gateway).newProposal('put', {
      arguments: ['distance', 'endorsed'],
      endorsingOrganizations: [`Org${endorser}MSP`],
    });
    const before = performance.now();
    await proposal.endorse();
    return performance.now() - before;
  }

  /** Started peers may need to discover each other first. */
  async function eventually<T>(work: () => Promise<T>): Promise<T> {
    const end = Date.now() + withinMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() > end) throw error;
        await delay(200);
      }
    }
  }

  const submitted = (organization: number): Promise<Uint8Array> =>
    eventually(() =>
      at(organization).submitTransaction('put', `from-${organization}`, Date.now().toString()),
    );

  const settledMs = (gateway: number, endorser: number): Promise<number> =>
    eventually(() => endorsementMs(gateway, endorser));

  const stateOf = async (name: string): Promise<string | undefined> =>
    (await status(folder)).nodes.find((node) => node.name === name)?.state;

  async function kill(names: readonly string[]): Promise<void> {
    const { nodes } = await status(folder);
    for (const { name, processId } of nodes) if (names.includes(name)) process.kill(processId!, 'SIGKILL');
    for (const name of names) while ((await stateOf(name)) !== 'stopped') await delay(50);
  }

  it(
    'takes transactions of near and distant organisations',
    async () => {
      for (const organization of [1, 2, 3, 4]) await submitted(organization);
      expect(await at(3).evaluateTransaction('get', 'from-2')).not.toHaveLength(0);
    },
    4 * withinMs,
  );

  it.each([
    { gateway: 1, endorser: 2, roundTrips: 1, why: 'the endorser is distant' },
    { gateway: 2, endorser: 2, roundTrips: 1, why: 'the gateway is distant from its client' },
    {
      gateway: 2,
      endorser: 1,
      roundTrips: 2,
      why: 'the client, and the endorser, are distant from the gateway',
    },
    { gateway: 2, endorser: 4, roundTrips: 2, why: 'two distant organisations are distant from each other' },
  ])(
    'takes $roundTrips round trips where gateway $gateway asks $endorser: $why',
    async ({ gateway, endorser, roundTrips }) => {
      for (let count = 0; count < 3; count += 1)
        expect(await settledMs(gateway, endorser)).toBeGreaterThanOrEqual(roundTrips * roundTripMs);
    },
    2 * withinMs,
  );

  it.each([
    { gateway: 1, endorser: 1 },
    { gateway: 1, endorser: 3 },
  ])(
    'does not delay what gateway $gateway asks $endorser',
    async (near) => {
      // A slow machine needs several attempts.
      const end = Date.now() + withinMs;
      while ((await settledMs(near.gateway, near.endorser)) >= roundTripMs)
        expect(Date.now()).toBeLessThan(end);
    },
    2 * withinMs,
  );

  it('takes a distant gateway a round trip to the orderers', async () => {
    const endorsed = await at(2)
      .newProposal('put', { arguments: ['distance', 'ordered'] })
      .endorse();
    const before = performance.now();
    const sent = await endorsed.submit();
    expect(performance.now() - before).toBeGreaterThanOrEqual(2 * roundTripMs);
    expect((await sent.getStatus()).successful).toBe(true);
  });

  it(
    'is restored when what delays it was killed',
    async () => {
      const name = 'distance.org2.example.com';
      await kill([name]);
      await expect(endorsementMs(2, 2)).rejects.toMatchObject({ name: 'EndorseError' });
      await submitted(1);
      await up({ folder });
      expect(await stateOf(name)).toBe('running');
      await submitted(2);
      expect(await settledMs(2, 1)).toBeGreaterThanOrEqual(2 * roundTripMs);
    },
    4 * withinMs,
  );

  it(
    'is restored when everything was killed',
    async () => {
      const before = await status(folder);
      await kill(before.nodes.map(({ name }) => name));
      // The network must ignore the caller's proxies.
      for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, 'http://127.0.0.1:1');
      for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, 'localhost');
      await up({ folder });
      vi.unstubAllEnvs();
      const after = await status(folder);
      expect(after.nodes.map(({ name, kind, state }) => ({ name, kind, state }))).toEqual(
        before.nodes.map(({ name, kind }) => ({ name, kind, state: 'running' })),
      );
      await submitted(2);
      await submitted(1);
      expect(await settledMs(2, 1)).toBeGreaterThanOrEqual(2 * roundTripMs);
      expect(await settledMs(1, 2)).toBeGreaterThanOrEqual(roundTripMs);
    },
    4 * withinMs,
  );

  it('keeps its delay', async () => {
    await expect(up({ folder, choices: { delayMs: 0 } })).rejects.toMatchObject({
      code: 'VT9503',
      facts: { option: 'delayMs', is: roundTripMs, wanted: 0 },
    });
  });
});
