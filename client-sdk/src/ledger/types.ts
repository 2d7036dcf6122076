import type { ChannelConfig } from './channelConfig.js';
import type { ContractDefinition } from './contractDefinition.js';

/** One contract function with its single argument. */
export interface ContractCall {
  /** Qualified name, such as `RoundContract:SubmitUpdate`. */
  readonly name: string;
  /** The argument: one JSON text. */
  readonly argument: string;
}

/** What every call of a ledger may be given. */
export interface CallContext {
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** A transaction that is in a block and valid. */
export interface CommittedTransaction {
  /** What the contract answered. */
  readonly result: Uint8Array;
  /** Its id. */
  readonly transactionId: string;
  /** The block that it is in. */
  readonly blockNumber: bigint;
}

/** An event as the chaincode set it: at most one per transaction. */
export interface ChaincodeEvent {
  /** The block of its transaction. */
  readonly blockNumber: bigint;
  /** Its transaction. */
  readonly transactionId: string;
  /** Its name. */
  readonly eventName: string;
  /** Its content. */
  readonly payload: Uint8Array;
}

/** A place in the stream of events: everything up to and with this transaction is handled. */
export interface EventPosition {
  /** The block. */
  readonly blockNumber: bigint;
  /** The last transaction of the block that is handled; absent where none is. */
  readonly transactionId?: string | undefined;
}

/** The ledger as the market sees it. */
export interface Ledger {
  /** The channel. */
  readonly channel: string;
  /** The chaincode's name. */
  readonly chaincode: string;
  /** @throws VeritrainError; see `submitTransaction` for what is tried again. */
  submit(call: ContractCall, context?: CallContext): Promise<CommittedTransaction>;
  /** @throws VeritrainError */
  evaluate(call: ContractCall, context?: CallContext): Promise<Uint8Array>;
  /**
   * The same, answered by a majority of the organisations that the profile pins: their peers sign the answer to this one
   * question, and the gateway cannot change it, make it up or answer with an older one.
   *
   * @throws ROOTS_NOT_PINNED, ENDORSEMENT_FORGED, ENDORSER_UNKNOWN, TOO_FEW_ORGANIZATIONS, ORGANIZATIONS_DISAGREE, or what
   * `evaluate` throws. What the contract refuses is one peer's word, as peers sign no refusals.
   */
  evaluateEndorsed(call: ContractCall, context?: CallContext): Promise<Uint8Array>;
  /** Events after a position, in block order, reconnecting by itself until aborted. */
  events(after: EventPosition, context?: CallContext): AsyncIterableIterator<ChaincodeEvent>;
  /** Number of blocks, so the number of the next one. @throws VeritrainError */
  height(context?: CallContext): Promise<bigint>;
  /** Digest of the channel's first block, which no other channel has. @throws VeritrainError */
  genesis(context?: CallContext): Promise<string>;
  /** The channel's newest configuration, as the gateway's peer has it. @throws VeritrainError */
  channelConfig(context?: CallContext): Promise<ChannelConfig>;
  /** How the chaincode is defined on the channel; undefined where it is not. @throws VeritrainError */
  contractDefinition(context?: CallContext): Promise<ContractDefinition | undefined>;
  /**
   * Has a transaction endorsed once, by one organisation (its MSP id) or by as many as the policy asks for, and never
   * sends it: nothing is written, nothing is tried again.
   *
   * @throws VeritrainError
   */
  rehearse(call: ContractCall, organization: string | undefined, context?: CallContext): Promise<void>;
  /** Ends the connection: later calls fail with ABORTED, and so do those that wait. */
  close(): void;
}
