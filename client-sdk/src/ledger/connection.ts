import { type Client, credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { type Contract, type Gateway, type Network, connect, hash } from '@hyperledger/fabric-gateway';
import { common, msp } from '@hyperledger/fabric-protos';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { digestOf } from '../vault/digest.js';
import { backoffMs, pause } from '../errors/backoff.js';
import { boundReads } from './boundedReads.js';
import { callOptions } from './callOptions.js';
import { type ChannelConfig, applicationOf, lastConfigOf, readChannelConfig } from './channelConfig.js';
import { type ContractDefinition, definitionQuestion, readContractDefinition } from './contractDefinition.js';
import { followEvents } from './events.js';
import { type CommitStatus, GatewayCalls } from './gatewayCalls.js';
import { type EndorsedAnswer, readEndorsed } from './endorsedRead.js';
import { ledgerError } from './failure.js';
import type { LedgerIdentity } from './identity.js';
import { OpenStreams } from './openStreams.js';
import { type PinnedOrganization, PinnedOrganizations } from './pinnedOrganizations.js';
import { type PreparedTransaction, readPrepared } from './preparedTransaction.js';
import { propose } from './proposal.js';
import { proxyFor } from './proxy.js';
import { type ReachedGateway, waitUntilReady } from './ready.js';
import { nativeSigner } from './signer.js';
import { type Submitter, submitTransaction } from './submit.js';
import { type LedgerTiming, defaultTiming } from './timing.js';
import type { GatewayAddress } from './tlsRefusal.js';
import { dialled } from './tunnel.js';
import type { CallContext, CommittedTransaction, ContractCall, Ledger } from './types.js';

/** Of a peer's gateway, or of an embedded ledger. */
export interface LedgerConnection extends GatewayAddress {
  /** Who speaks. */
  readonly identity: LedgerIdentity;
  /** The channel. */
  readonly channel: string;
  /** The chaincode's name. */
  readonly chaincode: string;
  /** How long things may take; see `defaultTiming`. */
  readonly timing?: Partial<LedgerTiming> | undefined;
  /** The channel's organisations, known from elsewhere than the gateway. Without them no read can be an endorsed one. */
  readonly organizations?: readonly PinnedOrganization[] | undefined;
}

/** A lost connection is dialled again quickly: a member's agent has little else to do. */
const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.keepalive_time_ms': 120_000,
  'grpc.max_receive_message_length': 100 * 1024 * 1024,
};

const readAgain: ReadonlySet<string> = new Set(['VT8101', 'VT8109', 'VT8110']);

/** The number by which a peer is asked for whatever block is the newest: 2^64 - 1. */
const newestBlock = '18446744073709551615';

const GatewayClient = makeGenericClientConstructor({}, 'gateway.Gateway');

/**
 * Opens a connection to a Fabric gateway. Nothing is sent until the first call, and a lost connection is dialled again
 * by itself: calls wait for it up to `connectMs`.
 *
 * @throws IDENTITY_INVALID if the private key is not on P-256 or P-384.
 */
export function connectLedger(options: LedgerConnection): Ledger {
  return new GatewayLedger(options);
}

class GatewayLedger implements Ledger, Submitter {
  readonly channel: string;
  readonly chaincode: string;
  readonly #reached: ReachedGateway;
  readonly #client: Client;
  readonly #gateway: Gateway;
  readonly #network: Network;
  readonly #contract: Contract;
  readonly #creator: Uint8Array;
  readonly #calls: GatewayCalls;
  readonly #pinned: PinnedOrganizations | undefined;
  readonly #timing: LedgerTiming;
  readonly #streams = new OpenStreams();

  constructor({ address, tls, identity, channel, chaincode, timing, organizations }: LedgerConnection) {
    this.#pinned = organizations === undefined ? undefined : new PinnedOrganizations(organizations);
    this.channel = channel;
    this.chaincode = chaincode;
    this.#reached = { address, tls, proxy: proxyFor(address) };
    this.#timing = { ...defaultTiming, ...timing };
    const signer = nativeSigner(identity.privateKeyPem);
    const serverName =
      tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName };
    const channelCredentials =
      tls === undefined
        ? credentials.createInsecure()
        : credentials.createSsl(Buffer.from(tls.rootCertificatePem));
    const { target, options } = dialled(address, this.#reached.proxy);
    this.#client = new GatewayClient(target, channelCredentials, {
      ...channelOptions,
      ...options,
      ...serverName,
    });
    const { mspId, certificatePem } = identity;
    const fabricIdentity = { mspId, credentials: Buffer.from(certificatePem) };
    this.#creator = serializedIdentity(fabricIdentity);
    this.#calls = new GatewayCalls(this.#client, channel, this.#creator, signer);
    boundReads();
    this.#gateway = connect({ client: this.#client, identity: fabricIdentity, signer, hash: hash.none });
    this.#network = this.#gateway.getNetwork(channel);
    this.#contract = this.#network.getContract(chaincode);
  }

  submit(call: ContractCall, context: CallContext = {}): Promise<CommittedTransaction> {
    return submitTransaction(this, call, this.#timing, context);
  }

  evaluate({ name, argument }: ContractCall, context: CallContext = {}): Promise<Uint8Array> {
    return this.#read(this.#contract, name, [argument], context);
  }

  async evaluateEndorsed(call: ContractCall, context: CallContext = {}): Promise<Uint8Array> {
    if (this.#pinned === undefined)
      throw sdkError('VT8128', 'An endorsed answer was asked for, and the profile pins no organisations.');
    return readEndorsed(this, call, this.#pinned, this.#timing, context);
  }

  async height(context: CallContext = {}): Promise<bigint> {
    const info = await this.#ask('GetChainInfo', [], context);
    return BigInt(common.BlockchainInfo.deserializeBinary(info).getHeight());
  }

  async genesis(context: CallContext = {}): Promise<string> {
    const block = await this.#block('0', context);
    return digestOf(Buffer.concat(block.getData()?.getDataList_asU8() ?? []));
  }

  async channelConfig(context: CallContext = {}): Promise<ChannelConfig> {
    return this.#readConfig(readChannelConfig, context);
  }

  async contractDefinition(context: CallContext = {}): Promise<ContractDefinition | undefined> {
    const lifecycle = this.#network.getContract('_lifecycle');
    const question = [definitionQuestion(this.chaincode)];
    let answer: Uint8Array;
    try {
      answer = await this.#read(lifecycle, 'QueryChaincodeDefinition', question, context);
    } catch (error) {
      if (isVeritrainError(error, 'VT8105') && error.reason.includes('is not defined')) return undefined;
      throw error;
    }
    return this.#readConfig((block) => readContractDefinition(answer, applicationOf(block)), context);
  }

  async #readConfig<Result>(read: (block: common.Block) => Result, context: CallContext): Promise<Result> {
    const newest = await this.#block(newestBlock, context);
    const block = await this.#block(lastConfigOf(newest).toString(), context);
    try {
      return read(block);
    } catch (cause) {
      throw sdkError('VT8006', 'The configuration of the channel cannot be read.', { cause });
    }
  }

  async rehearse(
    call: ContractCall,
    organization: string | undefined,
    context: CallContext = {},
  ): Promise<void> {
    await this.ready(context);
    try {
      await this.endorse(call, context, organization);
    } catch (error) {
      throw ledgerError(error, context);
    }
  }

  events(after: Parameters<Ledger['events']>[0], context: CallContext = {}): ReturnType<Ledger['events']> {
    const source = { network: this.#network, streams: this.#streams, ready: () => this.ready(context) };
    return followEvents(source, this.chaincode, after, this.#timing, context);
  }

  async #block(number: string, context: CallContext): Promise<common.Block> {
    return common.Block.deserializeBinary(await this.#ask('GetBlockByNumber', [number], context));
  }

  /** Asks the chain itself, by the chaincode that every peer has for it. */
  #ask(name: string, rest: readonly string[], context: CallContext): Promise<Uint8Array> {
    return this.#read(this.#network.getContract('qscc'), name, [this.channel, ...rest], context);
  }

  async #read(
    contract: Contract,
    name: string,
    arguments_: readonly (string | Uint8Array)[],
    context: CallContext,
  ): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt += 1) {
      // Waits itself as long as a call may wait for a connection: one that does not come is not waited for again.
      await this.ready(context);
      try {
        const proposal = contract.newProposal(name, { arguments: [...arguments_] });
        return await proposal.evaluate(callOptions(this.#timing.evaluateMs, context.signal));
      } catch (error) {
        const failure = ledgerError(error, context);
        // A read changes nothing, so one that met a lost or busy gateway is simply made again.
        if (attempt >= this.#timing.attempts || !readAgain.has(failure.code)) throw failure;
        await pause(backoffMs(attempt, this.#timing), context.signal);
      }
    }
  }

  close(): void {
    this.#streams.end();
    this.#gateway.close();
    this.#client.close();
  }

  async ready({ signal }: CallContext): Promise<void> {
    this.#streams.check();
    await waitUntilReady(this.#client, this.#reached, this.#timing.connectMs, signal);
  }

  async endorse(call: ContractCall, { signal }: CallContext, organization?: string): Promise<EndorsedAnswer> {
    const proposed = propose(
      { channel: this.channel, chaincode: this.chaincode, creator: this.#creator },
      call,
    );
    const { transactionId } = proposed;
    const organizations = organization === undefined ? [] : [organization];
    const limits = { timeoutMs: this.#timing.endorseMs, signal };
    const response = await this.#calls.endorse(proposed, organizations, limits);
    const transaction = readPrepared(response, proposed);
    return { ...transaction, signers: this.#pinned?.signersOf(transaction, transactionId) };
  }

  send(
    { transactionId, payload }: PreparedTransaction,
    timeoutMs: number,
    { signal }: CallContext,
  ): Promise<void> {
    return this.#calls.submit(transactionId, payload, { timeoutMs, signal });
  }

  statusOf(transactionId: string, timeoutMs: number, { signal }: CallContext): Promise<CommitStatus> {
    return this.#calls.commitStatus(transactionId, { timeoutMs, signal });
  }
}

function serializedIdentity({ mspId, credentials }: { mspId: string; credentials: Uint8Array }): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(credentials);
  return identity.serializeBinary();
}
