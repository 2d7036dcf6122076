import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOptionsSchema } from './options.js';
import { planNetwork } from './planNetwork.js';

describe('what a network may consist of', () => {
  it('is three organisations and one Raft orderer, with TLS, unless said otherwise', () => {
    expect(networkOptionsSchema.parse({})).toEqual({
      version: '3.1.5',
      consensus: 'raft',
      orderers: 1,
      organizations: 3,
      tls: true,
      ca: false,
      batchTimeoutMs: 50,
      delayMs: 0,
      channel: 'market',
    });
    expect(networkOptionsSchema.parse({ consensus: 'bft' }).orderers).toBe(4);
  });

  it('is decided without a throw, whatever is asked for', () => {
    const names = Object.keys(networkOptionsSchema.parse({}));
    const choices = fc.dictionary(fc.constantFrom(...names, 'extra'), fc.anything());
    fc.assert(
      fc.property(fc.oneof(choices, fc.anything()), (asked) => {
        expect(() => networkOptionsSchema.safeParse(asked)).not.toThrow();
      }),
    );
  });

  it.each([
    [{ consensus: 'bft', orderers: 3 }, /raft has 1 or 3 orderers, bft has 4/],
    [{ consensus: 'raft', orderers: 4 }, /raft has 1 or 3 orderers, bft has 4/],
    [{ consensus: 'bft', version: '2.5.16' }, /bft needs Fabric 3/],
    [{ organizations: 9 }, /organizations/],
    [{ organizations: 0 }, /organizations/],
    [{ delayMs: 5001 }, /delayMs/],
    [{ organizations: 1, delayMs: 50 }, /a delay needs two organisations/],
    [{ channel: 'Market' }, /channel/],
    [{ extra: 1 }, /extra/],
  ])('refuses %j', (given, said) => {
    const parsed = networkOptionsSchema.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(said);
  });

  it('gives every listener a port of its own', async () => {
    const options = networkOptionsSchema.parse({ ca: true, orderers: 3, organizations: 8, delayMs: 50 });
    const network = await planNetwork(options);
    const nodes = [
      ...network.ordering.orderers,
      ...network.organizations.map(({ peer }) => peer),
      ...network.organizations.flatMap(({ distance }) => distance ?? []),
      ...[network.ordering, ...network.organizations].map(({ authority }) => authority!),
    ];
    const ports = nodes.flatMap((node) => Object.values(node.ports));
    expect(ports).toHaveLength(3 * 4 + 8 * 3 + 4 * 2 + 9 * 2);
    expect(new Set(ports).size).toBe(ports.length);
  });
});
