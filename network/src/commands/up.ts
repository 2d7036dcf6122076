import { createGenesisBlock, joinChannel, type NetworkParts } from '../channel/channel.js';
import { writeConnections } from '../channel/connections.js';
import { NetworkError } from '../errors.js';
import { enrolMaterial } from '../material/authorities.js';
import { generateMaterial } from '../material/cryptogen.js';
import { allNodes } from '../nodes/allNodes.js';
import { waitForLeader } from '../nodes/leader.js';
import { startNodes } from '../nodes/startNodes.js';
import { Layout } from '../plan/layout.js';
import { hasNetwork, readNetworkFile, writeNetworkFile, type NetworkFile } from '../plan/networkFile.js';
import { networkOptionsSchema, type NetworkChoices, type NetworkOptions } from '../plan/options.js';
import { planNetwork } from '../plan/planNetwork.js';
import { exclusively } from '../system/lock.js';
import { Processes } from '../system/processes.js';
import { findPrograms } from '../system/programs.js';

/** Options of every command on a network. */
export interface NetworkCommand {
  /** Folder with all files of the network. */
  readonly folder: string;
  readonly onProgress?: ((what: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface UpOptions extends NetworkCommand {
  /** The configuration of a new network. For an existing network it must match. */
  readonly choices?: NetworkChoices;
  /** How long nodes may take to become ready. */
  readonly readyMs?: number | undefined;
}

const defaultReadyMs = 60_000;

/**
 * Creates a network, or starts the stopped nodes of an existing one. Returns when it accepts transactions.
 * @throws NetworkError CHOICE_INVALID, PROGRAM_MISSING, PROGRAM_VERSION, NETWORK_DIFFERS, NETWORK_BUSY, PORT_BUSY,
 * NODE_DIED, NOT_READY_IN_TIME
 */
export function up(options: UpOptions): Promise<NetworkFile> {
  return exclusively(options.folder, () => bringUp(options));
}

async function bringUp(options: UpOptions): Promise<NetworkFile> {
  const { folder, choices = {}, onProgress = () => undefined, signal, readyMs = defaultReadyMs } = options;
  const layout = new Layout(folder);
  const { network, programs } = await planned(folder, choices);
  const parts: NetworkParts = { layout, network, programs, signal };
  const processes = new Processes(layout);
  const nodes = allNodes(parts);
  if (network.ca) {
    onProgress('starting the certificate authorities');
    await startNodes(processes, nodes.authority, readyMs, signal);
  }
  onProgress('creating keys and certificates');
  await (network.ca ? enrolMaterial(parts) : generateMaterial(parts));
  onProgress('creating the channel’s first block');
  await createGenesisBlock(parts);
  const { orderer, distance, peer, chaincode } = nodes;
  onProgress(
    `starting ${orderer.length} orderers, ${peer.length} peers, ${chaincode.length} chaincode servers`,
  );
  await startNodes(processes, [...orderer, ...distance, ...peer, ...chaincode], readyMs, signal);
  onProgress('joining the channel');
  await joinChannel(parts);
  onProgress('waiting for a leader among the orderers');
  await waitForLeader(network, readyMs, signal);
  writeConnections(layout, network);
  return network;
}

/** The existing network, or a new one, which is planned only after its programs are found. */
async function planned(
  folder: string,
  choices: NetworkChoices,
): Promise<Pick<NetworkParts, 'network' | 'programs'>> {
  if (hasNetwork(folder)) {
    const network = readNetworkFile(folder);
    requireSame(folder, network, choices);
    return { network, programs: await findPrograms(network.version, network) };
  }
  const options = optionsOf(choices);
  const programs = await findPrograms(options.version, options);
  const network = await planNetwork(options);
  writeNetworkFile(folder, network);
  return { network, programs };
}

/** @throws NetworkError CHOICE_INVALID, naming the first invalid choice */
function optionsOf(choices: NetworkChoices): NetworkOptions {
  const { data, error } = networkOptionsSchema.safeParse(choices);
  if (data !== undefined) return data;
  const { path = [], message = '' } = error.issues[0] ?? {};
  const option = path.join('.');
  throw new NetworkError('VT9526', `${option}: ${message}.`, { facts: { option }, cause: error });
}

/** @throws NetworkError NETWORK_DIFFERS, naming the first different option */
function requireSame(folder: string, network: NetworkFile, choices: NetworkChoices): void {
  const is = {
    ...network,
    orderers: network.ordering.orderers.length,
    organizations: network.organizations.length,
  };
  for (const [name, wanted] of Object.entries(choices) as [
    keyof NetworkChoices,
    string | number | boolean | undefined,
  ][]) {
    if (wanted === undefined || is[name] === wanted) continue;
    throw new NetworkError('VT9503', `The network in ${folder} has ${name} ${String(is[name])}.`, {
      facts: { folder, option: name, is: is[name], wanted },
    });
  }
}
