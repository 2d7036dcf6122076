import { common, peer } from '@hyperledger/fabric-protos';
import type { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { sameBytes, sha256, transactionIdOf } from '../hashing.js';
import type { NamespaceReadWriteSet } from './readWriteSet.js';
import { decodeReadWriteSet } from './readWriteSet.js';

const Code = peer.TxValidationCode;

/** Fabric's verdict on a transaction; 0 is valid. */
export type ValidationCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

/** The header of every transaction. */
export interface EnvelopeHeader {
  readonly type: number;
  readonly channel: string;
  readonly epoch: number;
  readonly transactionId: string;
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  readonly timestamp: Timestamp | undefined;
}

/** The changes of a transaction, and its endorsers. */
export interface TransactionContent {
  readonly chaincodeName: string;
  readonly sets: readonly NamespaceReadWriteSet[];
  readonly event: peer.ChaincodeEvent | undefined;
  /** The bytes that endorsers signed. */
  readonly responsePayload: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
}

export type ParsedContent =
  | { readonly code: typeof Code.VALID; readonly content: TransactionContent }
  | { readonly code: Exclude<ValidationCode, typeof Code.VALID> };

/** The header of an envelope's payload; undefined if it cannot be read. */
export function readHeader(
  payloadBytes: Uint8Array,
): { header: common.Header; fields: EnvelopeHeader } | undefined {
  try {
    const header = common.Payload.deserializeBinary(payloadBytes).getHeader();
    if (header === undefined) return undefined;
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const fields = headerFields(channelHeader, signatureHeader);
    return { header, fields };
  } catch {
    return undefined;
  }
}

export function headerFields(
  channelHeader: common.ChannelHeader,
  signatureHeader: common.SignatureHeader,
): EnvelopeHeader {
  return {
    type: channelHeader.getType(),
    channel: channelHeader.getChannelId(),
    epoch: channelHeader.getEpoch(),
    transactionId: channelHeader.getTxId(),
    creator: signatureHeader.getCreator_asU8(),
    nonce: signatureHeader.getNonce_asU8(),
    timestamp: channelHeader.getTimestamp(),
  };
}

/**
 * Parses an endorser transaction and checks that its parts belong together: the transaction id, and the proposal hash
 * that the endorsers signed. Other code verifies the signatures.
 */
export function parseTransaction(payloadBytes: Uint8Array): ParsedContent {
  const read = readHeader(payloadBytes);
  if (read === undefined) return { code: Code.BAD_COMMON_HEADER };
  const { header, fields } = read;
  if (!isTransactionHeader(fields)) return { code: Code.BAD_COMMON_HEADER };
  if (fields.transactionId !== transactionIdOf(fields.nonce, fields.creator))
    return { code: Code.BAD_PROPOSAL_TXID };
  try {
    const data = common.Payload.deserializeBinary(payloadBytes).getData_asU8();
    return parseAction(header, peer.Transaction.deserializeBinary(data));
  } catch {
    return { code: Code.INVALID_ENDORSER_TRANSACTION };
  }
}

function isTransactionHeader({ type, epoch, nonce, creator }: EnvelopeHeader): boolean {
  const isTransaction = type === common.HeaderType.ENDORSER_TRANSACTION && epoch === 0;
  return isTransaction && nonce.length > 0 && creator.length > 0;
}

function parseAction(header: common.Header, transaction: peer.Transaction): ParsedContent {
  const [action, ...others] = transaction.getActionsList();
  if (action === undefined || others.length > 0) return { code: Code.INVALID_ENDORSER_TRANSACTION };
  const payload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = payload.getAction();
  if (endorsed === undefined) return { code: Code.INVALID_ENDORSER_TRANSACTION };
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const hash = sha256(
    header.getChannelHeader_asU8(),
    action.getHeader_asU8(),
    payload.getChaincodeProposalPayload_asU8(),
  );
  if (!sameBytes(hash, response.getProposalHash_asU8())) return { code: Code.INVALID_ENDORSER_TRANSACTION };
  return parseResults(endorsed, peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()));
}

function parseResults(endorsed: peer.ChaincodeEndorsedAction, action: peer.ChaincodeAction): ParsedContent {
  const sets = decodeReadWriteSet(action.getResults_asU8());
  if (sets === undefined) return { code: Code.ILLEGAL_WRITESET };
  const events = action.getEvents_asU8();
  const content = {
    chaincodeName: action.getChaincodeId()?.getName() ?? '',
    sets,
    event: events.length === 0 ? undefined : peer.ChaincodeEvent.deserializeBinary(events),
    responsePayload: endorsed.getProposalResponsePayload_asU8(),
    endorsements: endorsed.getEndorsementsList(),
  };
  return { code: Code.VALID, content };
}
