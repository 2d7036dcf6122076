import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy, down, revoke, status, up, upgrade, type NetworkStatus } from '../src/index.js';
import { describeFabric } from '../../test/support/fabric.js';

const probe = fileURLToPath(new URL('../../test/conformance/probe', import.meta.url));
const parent = mkdtempSync(join(tmpdir(), 'veritrain-network-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const states = ({ nodes }: NetworkStatus): Record<string, string> =>
  Object.fromEntries(nodes.map(({ name, state }) => [name, state]));
const idOf = ({ nodes }: NetworkStatus, name: string): number =>
  nodes.find((node) => node.name === name)?.processId ?? 0;

const coded = (code: string, facts: object = {}): unknown =>
  expect.objectContaining({ code, facts: expect.objectContaining(facts) as unknown });

const runs = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return !readFileSync(`/proc/${processId}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describeFabric('a network of three organisations', () => {
  const folder = join(parent, 'three');
  beforeAll(async () => {
    await up({ folder });
    await deploy({ folder, chaincode: probe, name: 'probe' });
  });
  afterAll(async () => {
    if (existsSync(folder)) await down(folder, { wipe: true });
  });

  it('runs a peer and a chaincode server for each, under a leader, with what was deployed', async () => {
    const found = await status(folder);
    expect(states(found)).toEqual({
      'orderer1.example.com': 'running',
      'peer0.org1.example.com': 'running',
      'peer0.org2.example.com': 'running',
      'peer0.org3.example.com': 'running',
      'probe_1.org1.example.com': 'running',
      'probe_1.org2.example.com': 'running',
      'probe_1.org3.example.com': 'running',
    });
    expect(found.leader).toBe('orderer1.example.com');
    expect(found.deployments).toMatchObject([{ name: 'probe', sequence: 1 }]);
    expect(found.nodes[0]!.height).toBeGreaterThanOrEqual(3);
    expect(found.diskBytes.used).toBeGreaterThan(0);
  });

  it('writes connection profiles as Fabric’s test networks do', () => {
    const path = join(folder, 'organizations/peerOrganizations/org2.example.com/connection-org2.json');
    const profile = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    expect(profile).toMatchObject({
      client: { organization: 'Org2' },
      organizations: { Org2: { mspid: 'Org2MSP', peers: ['peer0.org2.example.com'] } },
      peers: {
        'peer0.org2.example.com': {
          url: expect.stringMatching(/^grpcs:\/\/localhost:\d+$/) as unknown,
          tlsCACerts: { pem: expect.stringContaining('BEGIN CERTIFICATE') as unknown },
        },
      },
    });
  });

  it('changes nothing when it is brought up again', async () => {
    const before = await status(folder);
    await up({ folder });
    expect((await status(folder)).nodes).toEqual(before.nodes);
  });

  it('refuses to become another network', async () => {
    await expect(up({ folder, choices: { organizations: 2 } })).rejects.toThrow(
      coded('VT9503', { option: 'organizations', is: 3, wanted: 2 }),
    );
    await expect(up({ folder, choices: { consensus: 'bft' } })).rejects.toMatchObject({ code: 'VT9503' });
  });

  it('resumes after everything was killed, with its ledger', async () => {
    const before = await status(folder);
    for (const { processId } of before.nodes) process.kill(processId!, 'SIGKILL');
    await expect(deploy({ folder, chaincode: probe, name: 'probe' })).rejects.toMatchObject({
      code: 'VT9514',
    });
    const dead = await status(folder);
    expect(new Set(Object.values(states(dead)))).toEqual(new Set(['stopped']));
    expect(dead.leader).toBeNull();
    await up({ folder });
    const after = await status(folder);
    expect(states(after)).toEqual(states(before));
    expect(after.nodes.map(({ height }) => height)).toEqual(before.nodes.map(({ height }) => height));
  });

  it('names the port that another program took', async () => {
    const { nodes } = await status(folder);
    const name = 'peer0.org3.example.com';
    const { organizations } = JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8')) as {
      organizations: { peer: { ports: { listen: number } } }[];
    };
    const port = organizations[2]!.peer.ports.listen;
    process.kill(nodes.find((node) => node.name === name)!.processId!, 'SIGKILL');
    while (states(await status(folder))[name] !== 'stopped');
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await expect(up({ folder })).rejects.toMatchObject({ code: 'VT9504', facts: { port, node: name } });
    squatter.close();
    await up({ folder });
  });

  it('upgrades to the next sequence, and stops the processes of the one before', async () => {
    await expect(deploy({ folder, chaincode: probe, name: 'probe' })).rejects.toMatchObject({
      code: 'VT9518',
    });
    await expect(upgrade({ folder, chaincode: probe, name: 'other' })).rejects.toMatchObject({
      code: 'VT9512',
    });
    const old = idOf(await status(folder), 'probe_1.org1.example.com');
    expect(await upgrade({ folder, chaincode: probe, name: 'probe' })).toMatchObject({
      name: 'probe',
      sequence: 2,
    });
    const found = await status(folder);
    expect(found.deployments).toMatchObject([{ name: 'probe', sequence: 2 }]);
    expect(runs(old)).toBe(false);
  });

  it('goes by what it finds once it is alone with the network', async () => {
    const path = join(folder, 'network.json');
    const before = readFileSync(path, 'utf8');
    const revoking = revoke({ folder, organization: 'org2.example.com', enrolmentId: 'User1' });
    // Leftovers of a command that has just ended.
    const node = 'peer9.org1.example.com';
    writeFileSync(path, before.replaceAll('peer0.org1.example.com', node));
    try {
      await expect(revoking).rejects.toThrow(coded('VT9514', { node }));
    } finally {
      writeFileSync(path, before);
    }
  });

  it('has nobody enrolled, so that there is nobody to revoke', async () => {
    const organization = 'org2.example.com';
    await expect(revoke({ folder, organization, enrolmentId: 'User1' })).rejects.toMatchObject({
      code: 'VT9520',
      facts: { organization },
      hint: expect.stringContaining('veritrain network up --ca') as unknown,
    });
  });

  it('lets nobody else in while a command works on it', async () => {
    const first = up({ folder });
    await expect(down(folder)).rejects.toMatchObject({ code: 'VT9513' });
    await first;
  });

  it('leaves nothing running when it is taken down, and nothing at all when it is wiped', async () => {
    const { nodes } = await status(folder);
    expect(await down(folder)).toHaveLength(nodes.length);
    expect(nodes.filter(({ processId }) => runs(processId!))).toEqual([]);
    await down(folder, { wipe: true });
    expect(existsSync(folder)).toBe(false);
  });
});

describeFabric('networks of other kinds', () => {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made) await down(folder, { wipe: true });
  });

  it.each([
    ['ca', { ca: true, organizations: 2 } as const],
    ['clear', { tls: false, organizations: 2 } as const],
    ['raft3', { orderers: 3, organizations: 1 } as const],
  ])('%s: comes up and endorses', async (name, choices) => {
    const folder = join(parent, name);
    made.push(folder);
    await up({ folder, choices });
    await deploy({ folder, chaincode: probe, name: 'probe' });
    expect(new Set(Object.values(states(await status(folder))))).toEqual(new Set(['running']));
  });

  it('makes no network where a program says no, and says what it said', async () => {
    const folder = join(parent, 'broken');
    await up({ folder, choices: { organizations: 1 } });
    made.push(folder);
    await expect(deploy({ folder, chaincode: parent })).rejects.toMatchObject({ code: 'VT9511' });
    await down(folder);
    writeFileSync(join(folder, 'network.json'), '{}');
    await expect(up({ folder })).rejects.toMatchObject({ code: 'VT9506' });
    rmSync(folder, { recursive: true });
    made.pop();
  });
});

describe('without a network', () => {
  it('says so, and touches no folder that is no network’s', async () => {
    await expect(status(parent)).rejects.toMatchObject({ code: 'VT9505' });
    await expect(down(parent, { wipe: true })).rejects.toMatchObject({ code: 'VT9505' });
    expect(existsSync(parent)).toBe(true);
    const folder = join(parent, 'none');
    await expect(deploy({ folder, chaincode: probe })).rejects.toMatchObject({ code: 'VT9505' });
    const whom = { organization: 'org1.example.com', enrolmentId: 'm-0' };
    await expect(revoke({ folder, ...whom })).rejects.toMatchObject({ code: 'VT9505' });
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    [{ organizations: 1, delayMs: 50 }, 'delayMs', 'a delay needs two organisations'],
    [{ consensus: 'bft', orderers: 1 } as const, 'orderers', 'bft has 4'],
  ])('refuses %j, and makes none', async (choices, option, why) => {
    const folder = join(parent, 'refused');
    await expect(up({ folder, choices })).rejects.toMatchObject({
      code: 'VT9526',
      facts: { option },
      message: expect.stringContaining(why) as unknown,
    });
    expect(existsSync(join(folder, 'network.json'))).toBe(false);
  });

  it('names the missing program, and how to get it', async () => {
    const { HOME, PATH } = process.env;
    process.env.HOME = process.env.PATH = join(parent, 'empty');
    try {
      await expect(up({ folder: join(parent, 'none') })).rejects.toMatchObject({
        code: 'VT9501',
        hint: expect.stringContaining('veritrain network install') as unknown,
      });
    } finally {
      Object.assign(process.env, { HOME, PATH });
    }
    expect(existsSync(join(parent, 'none', 'network.json'))).toBe(false);
  });
});
