import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NetworkError } from '../errors.js';
import { advertisedHost, ordererAddress, peerAddress, peerPort } from '../plan/addresses.js';
import type { Layout, NodeFolders } from '../plan/layout.js';
import type { NetworkFile, Orderer, Organization } from '../plan/networkFile.js';
import { isFabric3 } from '../nodes/node.js';
import type { Programs } from '../system/programs.js';
import { lastWords } from '../system/lastWords.js';
import { runProgram } from '../system/runProgram.js';
import { render } from '../plan/render.js';

/** The parts of a network that every command needs. */
export interface NetworkParts {
  readonly layout: Layout;
  readonly network: NetworkFile;
  readonly programs: Programs;
  readonly signal?: AbortSignal | undefined;
}

/** Creates the channel's first block, once. */
export async function createGenesisBlock({ layout, network, programs, signal }: NetworkParts): Promise<void> {
  const block = layout.genesisBlock;
  if (existsSync(block)) return;
  const folder = dirname(block);
  mkdirSync(folder, { recursive: true });
  const { ordering, organizations } = network;
  render(
    'configtx.yaml',
    {
      bft: network.consensus === 'bft',
      batchTimeoutMs: network.batchTimeoutMs,
      channelCapability: isFabric3(network.version) ? 'V3_0' : 'V2_0',
      ordering: {
        ...ordering,
        mspFolder: join(layout.orderingOrganization(ordering.domain), 'msp'),
        orderers: ordering.orderers.map((orderer) => ({
          ...orderer,
          ...layout.orderer(ordering.domain, orderer.hostName),
          address: ordererAddress(network, orderer),
        })),
      },
      organizations: organizations.map((organization) => ({
        ...organization,
        mspFolder: join(layout.peerOrganization(organization.domain), 'msp'),
        anchor: { host: advertisedHost(network, organization), port: peerPort(organization) },
      })),
    },
    join(folder, 'configtx.yaml'),
  );
  await runProgram({
    program: programs.path('configtxgen'),
    arguments: [
      ...['-profile', 'Channel', '-channelID', network.channel],
      ...['-configPath', folder, '-outputBlock', `${block}.new`],
    ],
    signal,
  });
  renameSync(`${block}.new`, block);
}

/** Joins every orderer and every peer to the channel. Those that have joined already stay joined. */
export async function joinChannel(parts: NetworkParts): Promise<void> {
  const { network } = parts;
  await Promise.all(network.ordering.orderers.map((orderer) => joinOrderer(parts, orderer)));
  await Promise.all(network.organizations.map((organization) => joinPeer(parts, organization)));
}

async function joinOrderer(parts: NetworkParts, orderer: Orderer): Promise<void> {
  const { layout, network } = parts;
  const channel = ['--channelID', network.channel];
  if ((await askOrderer(parts, orderer, ['list', ...channel])).startsWith('Status: 200')) return;
  const said = await askOrderer(parts, orderer, ['join', ...channel, '--config-block', layout.genesisBlock]);
  if (said.startsWith('Status: 201')) return;
  throw new NetworkError(
    'VT9507',
    `${orderer.hostName} did not join the channel: ${lastWords(said.split('\n'))}`,
    {
      facts: { node: orderer.hostName, channel: network.channel },
    },
  );
}

/**
 * Runs `osnadmin channel …`, whose exit status is 0 for any answer of the orderer. Its first line has the HTTP status.
 */
function askOrderer(
  { layout, network, programs, signal }: NetworkParts,
  orderer: Orderer,
  args: readonly string[],
): Promise<string> {
  const { tlsFolder } = layout.orderer(network.ordering.domain, orderer.hostName);
  return runProgram({
    program: programs.path('osnadmin'),
    arguments: [
      ...['channel', ...args, '-o', `localhost:${orderer.ports.admin}`, '--ca-file', `${tlsFolder}/ca.crt`],
      ...['--client-cert', `${tlsFolder}/server.crt`, '--client-key', `${tlsFolder}/server.key`],
    ],
    signal,
  });
}

async function joinPeer(parts: NetworkParts, organization: Organization): Promise<void> {
  const { layout, network } = parts;
  const joined = await askPeer(parts, organization, ['channel', 'list']);
  if (joined.split('\n').includes(network.channel)) return;
  await askPeer(parts, organization, ['channel', 'join', '-b', layout.genesisBlock]);
}

/** Runs `peer …` as an organisation's administrator, at its own peer, from the first data centre. */
export function askPeer(
  { layout, programs, signal }: NetworkParts,
  organization: Organization,
  args: readonly string[],
): Promise<string> {
  const { domain, peer } = organization;
  const { configFolder }: NodeFolders = layout.peer(domain, peer.hostName);
  return runProgram({
    program: programs.path('peer'),
    arguments: args,
    environment: {
      FABRIC_CFG_PATH: configFolder,
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_ADDRESS: peerAddress(organization),
      CORE_PEER_MSPCONFIGPATH: layout.user(domain, 'Admin'),
    },
    signal,
  });
}
