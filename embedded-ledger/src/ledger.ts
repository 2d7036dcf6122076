import { join, resolve } from 'node:path';
import { CertificateAuthorities, REGISTRAR } from './ca/certificateAuthorities.js';
import { startCaServer } from './ca/caServer.js';
import { updateOf } from './commit/blockContent.js';
import { Committer } from './commit/committer.js';
import { DataFolder } from './dataFolder.js';
import type { LedgerSettings } from './dataFolder.js';
import { BlockEvents } from './gateway/blockEvents.js';
import { CommitWaiters } from './gateway/commitWaiters.js';
import { startGatewayServer } from './gateway/gatewayServer.js';
import type { GatewayNetwork } from './gateway/network.js';
import { PreparedTransactions } from './gateway/preparedTransactions.js';
import { createHistoryReader } from './history.js';
import { Membership } from './identity/membership.js';
import type { MembershipRoot, Section } from './identity/membership.js';
import type { Network, Organization } from './identity/organizations.js';
import { mspIdOf, readOrCreateNetwork } from './identity/organizations.js';
import { createSigner } from './identity/signer.js';
import type { TlsIdentities } from './identity/tlsIdentities.js';
import { LedgerError } from './errors.js';
import { codedError } from './systemError.js';
import type { LedgerOptions, ParsedOptions } from './options.js';
import { parseOptions, requiredEndorsements } from './options.js';
import { createGenesisBlock, PREFERRED_MAX_BYTES } from './order/genesis.js';
import { Orderer } from './order/orderer.js';
import { locateChaincode } from './peer/chaincodeSources.js';
import type { ChaincodeSource } from './peer/chaincodeRuntime.js';
import { ChaincodeRuntime } from './peer/chaincodeRuntime.js';
import { Endorser } from './peer/endorser.js';
import { LifecycleQueries } from './peer/lifecycle.js';
import { ChainQueries } from './peer/qscc.js';
import { LIFECYCLE_CHAINCODE, QUERY_CHAINCODE, type SystemChaincode } from './peer/systemChaincode.js';
import { Chain } from './store/chain.js';
import type { StateStore } from './store/stateStore.js';

/** A running ledger: its addresses, and a function to stop it. */
export interface Ledger {
  /** host:port of the gateway. */
  readonly gateway: string;
  /** URL of the certificate authorities. */
  readonly ca: string;
  /** File with the root certificate of gateway and authorities; absent where they are plain. */
  readonly tls?: {
    /** The path of the file. */
    readonly rootCertificate: string;
  };
  /** Name of the channel. */
  readonly channel: string;
  /** Name of the chaincode. */
  readonly chaincode: string;
  /** Folder of the identities, in the layout of Fabric's cryptogen. */
  readonly organizations: string;
  /** Who may register members with each authority; the secret is in a file that only its owner can read. */
  readonly registrar: {
    /** The name that each authority has it under. */
    readonly enrolmentId: string;
    /** The path of the file with its secret. */
    readonly secretFile: string;
  };
  /** Commits what was taken, then ends the servers and the chaincode processes. */
  close(): Promise<void>;
}

const MAX_QUEUED_BYTES = 256 * 1024 * 1024;

type Closer = () => Promise<void> | void;

/**
 * Starts a Fabric network in this process: organisations and their peers, orderer, gateway, certificate authorities.
 * Resolves when a client can submit.
 * @throws LedgerError with a code; it stops everything that it has started
 */
export async function startLedger(options: LedgerOptions): Promise<Ledger> {
  const parsed = parseOptions(options);
  const closers: Closer[] = [];
  const closeAll = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const addresses = await open({ ...parsed, data: resolve(parsed.data) }, closers);
    let closing: Promise<void> | undefined;
    return { ...addresses, close: () => (closing ??= closeAll()) };
  } catch (error) {
    await closeAll();
    throw codedError(error);
  }
}

async function open(options: ParsedOptions, closers: Closer[]): Promise<Omit<Ledger, 'close'>> {
  const source = locateChaincode(options.chaincode);
  const folder = await DataFolder.open(options, source.defaultName);
  const { state, settings } = folder;
  closers.push(() => state.close());
  const required = requiredEndorsements(settings.endorse, settings.organizations);
  const organizations = join(options.data, 'organizations');
  const sources = source.forOrganizations(required, settings.organizations);
  const creating = readOrCreateNetwork(organizations, settings.organizations, options.host);
  const runtimes = createRuntimes(sources, settings, options);
  closers.push(() => closeAllOf(runtimes));
  // Chaincode is slow to start, so keys, certificates and the chain are created meanwhile.
  const opening = creating.then((made) => openChain(state, made, settings, options, closers));
  // Organisations beyond those that the rule requires start their chaincode at a client's first request.
  await allEnded([opening, ...runtimes.slice(0, required).map((runtime) => runtime.start())]);
  const network = await creating;
  const chain = await opening;
  const authorities = await CertificateAuthorities.open(join(options.data, 'ca'), network.peers);
  closers.push(() => authorities.close());

  const events = new BlockEvents(chain);
  const gatewayNetwork = wire({ chain, network, settings, options, required, runtimes, events }, closers);
  const tls = settings.tls ? tlsOf(network, 0) : undefined;
  const { host, port, caPort } = options;
  const ca = await startCaServer(authorities, { host, port: caPort, tls: tls?.node });
  closers.push(() => ca.close());
  // Before the first transaction: its commit must survive a kill at the next moment.
  await folder.fixSettings();
  const listening = { host, port, tls: tls?.node };
  const gateway = await startGatewayServer(gatewayNetwork, events, listening).catch(
    async (error: unknown) => {
      await folder.releaseSettings().catch(() => undefined);
      throw error;
    },
  );
  closers.push(() => gateway.close());
  return {
    gateway: gateway.address,
    ca: ca.url,
    ...(tls === undefined ? {} : { tls: { rootCertificate: tls.rootFile } }),
    channel: settings.channel,
    chaincode: settings.chaincodeName,
    organizations,
    registrar: { enrolmentId: REGISTRAR, secretFile: authorities.registrarSecretFile },
  };
}

async function openChain(
  state: StateStore,
  network: Network,
  settings: LedgerSettings,
  options: ParsedOptions,
  closers: Closer[],
): Promise<Chain> {
  const { batchSize, batchTimeoutMs } = options;
  const chain = await Chain.open(state, {
    folder: options.data,
    createGenesis: () => createGenesisBlock(network, { ...settings, batchSize, batchTimeoutMs }),
    updateOf,
    log: options.log,
  });
  closers.push(() => chain.close());
  return chain;
}

function createRuntimes(
  sources: readonly ChaincodeSource[],
  settings: LedgerSettings,
  { connectTimeoutMs, log }: ParsedOptions,
): ChaincodeRuntime[] {
  const { chaincodeName } = settings;
  return sources.map(
    (source, index) =>
      new ChaincodeRuntime(source, { chaincodeName, mspId: mspIdOf(index), connectTimeoutMs, log }),
  );
}

function tlsOf(network: Network, organization: number): TlsIdentities {
  const tls = network.peers[organization]?.tls;
  if (tls !== undefined) return tls;
  const hint =
    'Restore the folder of the organisations from a backup, or start a new ledger in an empty folder.';
  throw new LedgerError('DATA_CORRUPT', 'the TLS identities of the data folder are gone', hint);
}

async function closeAllOf(runtimes: readonly ChaincodeRuntime[]): Promise<void> {
  await Promise.all(runtimes.map((runtime) => runtime.close()));
}

/** Throws the first error after all tasks have ended, so no task starts anything after the ledger is closed. */
async function allEnded(tasks: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(tasks);
  await Promise.all(tasks);
}

interface Parts {
  readonly chain: Chain;
  readonly network: Network;
  readonly settings: LedgerSettings;
  readonly options: ParsedOptions;
  readonly required: number;
  readonly runtimes: readonly ChaincodeRuntime[];
  readonly events: BlockEvents;
}

/** Connects the orderer to the committer, and both to the gateway's network. */
function wire(
  { chain, network, settings, options, required, runtimes, events }: Parts,
  closers: Closer[],
): GatewayNetwork {
  const waiters = new CommitWaiters();
  const committer = new Committer(chain, createSigner(network.orderer.mspId, network.orderer.node));
  const limits = {
    size: options.batchSize,
    preferredBytes: PREFERRED_MAX_BYTES,
    queuedBytes: MAX_QUEUED_BYTES,
    timeoutMs: options.batchTimeoutMs,
  };
  const orderer = new Orderer(
    limits,
    async (batch) => {
      const block = await committer.commit(batch);
      events.remember(block);
      waiters.notify(block);
    },
    options.log,
  );
  closers.push(() => {
    chain.stopRetrying();
    return orderer.close();
  });
  const membership = membershipOf(network);
  const definition = {
    name: settings.chaincodeName,
    channel: settings.channel,
    organizations: network.peers.map(({ mspId }) => mspId),
  };
  return {
    channel: settings.channel,
    chaincodeName: settings.chaincodeName,
    chain,
    membership,
    endorsers: runtimes.map((runtime, index) =>
      createEndorser(runtime, index, { chain, network, settings, options }),
    ),
    requiredEndorsements: required,
    systemChaincodes: new Map<string, SystemChaincode>([
      [QUERY_CHAINCODE, new ChainQueries(chain, settings.channel, membership)],
      [LIFECYCLE_CHAINCODE, new LifecycleQueries(definition, membership)],
    ]),
    prepared: new PreparedTransactions(),
    waiters,
    order: (transaction) => orderer.submit(transaction),
    now: Date.now,
  };
}

function membershipOf({ peers, orderer }: Network): Membership {
  const root = (section: Section, { mspId, authority }: Organization): MembershipRoot => ({
    mspId,
    section,
    certificatePem: authority.certificatePem,
  });
  return new Membership([...peers.map((peer) => root('application', peer)), root('orderer', orderer)]);
}

function createEndorser(
  runtime: ChaincodeRuntime,
  index: number,
  { chain, network, settings, options }: Pick<Parts, 'chain' | 'network' | 'settings' | 'options'>,
): Endorser {
  const organization = network.peers[index];
  if (organization === undefined) throw new RangeError('more chaincode than organisations');
  return new Endorser({
    mspId: organization.mspId,
    address: organization.nodeAddress,
    signer: createSigner(organization.mspId, organization.node),
    chaincodeName: settings.chaincodeName,
    runtime,
    history: createHistoryReader(chain, settings.chaincodeName),
    executeTimeoutMs: options.executeTimeoutMs,
    queryLimit: options.queryLimit,
  });
}
