import type { Authority, NetworkFile } from './networkFile.js';
import type { NetworkOptions } from './options.js';
import { freePorts } from './ports.js';

/** Chooses names and free ports for all parts of a new network. */
export async function planNetwork(options: NetworkOptions): Promise<NetworkFile> {
  const { version, channel, consensus, tls, ca, batchTimeoutMs, delayMs } = options;
  const perOrderer = 4;
  const perOrganization = 3;
  const perAuthority = 2;
  const perDistance = 2;
  const authorities = ca ? options.organizations + 1 : 0;
  const isDistant = (number: number): boolean => delayMs > 0 && number % 2 === 0;
  const distances = upTo(options.organizations).filter(isDistant).length;
  const free = await freePorts(
    perOrderer * options.orderers +
      perOrganization * options.organizations +
      perAuthority * authorities +
      perDistance * distances,
  );
  const take = (): number => {
    const port = free.pop();
    if (port === undefined) throw new Error('too few ports were requested');
    return port;
  };
  const authority = (name: string): { authority?: Authority } =>
    ca ? { authority: { name, ports: { listen: take(), operations: take() } } } : {};
  const orderers = upTo(options.orderers).map((number) => ({
    number,
    shortName: `orderer${number}`,
    hostName: `orderer${number}.example.com`,
    ports: { listen: take(), cluster: take(), admin: take(), operations: take() },
  }));
  const organizations = upTo(options.organizations).map((number) => ({
    name: `Org${number}`,
    domain: `org${number}.example.com`,
    mspId: `Org${number}MSP`,
    peer: {
      shortName: 'peer0',
      hostName: `peer0.org${number}.example.com`,
      ports: { listen: take(), chaincode: take(), operations: take() },
    },
    ...authority(`ca-org${number}`),
    ...(isDistant(number) ? { distance: { ports: { inbound: take(), outbound: take() } } } : {}),
  }));
  return {
    schemaVersion: 1,
    version,
    channel,
    consensus,
    tls,
    ca,
    batchTimeoutMs,
    delayMs,
    ordering: { domain: 'example.com', mspId: 'OrdererMSP', orderers, ...authority('ca-orderer') },
    organizations,
    deployments: [],
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
