import { createHash } from 'node:crypto';
import type { Proposal, Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { VeritrainError, sdkError } from '../errors/veritrainError.js';

/** A call as this client signed it: the bytes that every endorser reads. */
export interface ProposedCall {
  readonly transactionId: string;
  readonly chaincode: string;
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  /** The contract's name and arguments, as a serialised `ChaincodeProposalPayload`. */
  readonly input: Uint8Array;
}

/** What endorsers answered to a call, and who signed the answer. */
export interface PreparedAnswer {
  /** The bytes that the contract returned. */
  readonly result: Uint8Array;
  /** What endorsers signed, each together with its own identity. */
  readonly signed: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
}

/** Takes a proposal apart, which the gateway client keeps to itself. */
export function proposedCall(proposal: Proposal, chaincode: string): ProposedCall {
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes());
  const { header, payload } = partsOf(proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array());
  return {
    transactionId: proposal.getTransactionId(),
    chaincode,
    channelHeader: header.getChannelHeader_asU8(),
    signatureHeader: header.getSignatureHeader_asU8(),
    input: payload,
  };
}

function partsOf(bytes: Uint8Array): { header: common.Header; payload: Uint8Array } {
  const proposal = peer.Proposal.deserializeBinary(bytes);
  return {
    header: common.Header.deserializeBinary(proposal.getHeader_asU8()),
    payload: proposal.getPayload_asU8(),
  };
}

/**
 * Reads the transaction that a gateway prepared, and refuses every one that is not byte for byte this client's own call
 * with one answer to it. A signature under any other bytes could be used as a signature under another call: the same
 * bytes can be read as a transaction and as a proposal, since their fields have the same numbers. The client therefore
 * makes the transaction again from its own headers and input, and compares.
 *
 * @throws ENDORSEMENT_FORGED; nothing has been signed then.
 */
export function readPrepared(transaction: Transaction, call: ProposedCall): PreparedAnswer {
  try {
    const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
    const payload = prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array();
    const endorsed = endorsedActionIn(payload);
    if (!equal(payload, payloadOf(call, endorsed))) throw forged(call, 'another call than this client’s');
    return readAnswer(call, endorsed);
  } catch (error) {
    if (error instanceof VeritrainError) throw error;
    throw forged(call, 'bytes that are no transaction', error);
  }
}

function endorsedActionIn(payload: Uint8Array): peer.ChaincodeEndorsedAction {
  const data = common.Payload.deserializeBinary(payload).getData_asU8();
  const [action] = peer.Transaction.deserializeBinary(data).getActionsList();
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(
    action?.getPayload_asU8() ?? new Uint8Array(),
  );
  return actionPayload.getAction() ?? new peer.ChaincodeEndorsedAction();
}

/** The only transaction that this client signs for a call: its own headers, its own input, one action. */
function payloadOf(call: ProposedCall, endorsed: peer.ChaincodeEndorsedAction): Uint8Array {
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(call.input);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(call.signatureHeader);
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const header = new common.Header();
  header.setChannelHeader(call.channelHeader);
  header.setSignatureHeader(call.signatureHeader);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}

function readAnswer(call: ProposedCall, endorsed: peer.ChaincodeEndorsedAction): PreparedAnswer {
  const signed = endorsed.getProposalResponsePayload_asU8();
  const responsePayload = peer.ProposalResponsePayload.deserializeBinary(signed);
  if (!equal(responsePayload.getProposalHash_asU8(), proposalHash(call)))
    throw forged(call, 'an answer to another call');
  const action = peer.ChaincodeAction.deserializeBinary(responsePayload.getExtension_asU8());
  if (action.getChaincodeId()?.getName() !== call.chaincode)
    throw forged(call, 'an answer of another chaincode');
  return {
    result: action.getResponse()?.getPayload_asU8() ?? new Uint8Array(),
    signed,
    endorsements: endorsed.getEndorsementsList(),
  };
}

const proposalHash = ({ channelHeader, signatureHeader, input }: ProposedCall): Uint8Array =>
  createHash('sha256').update(channelHeader).update(signatureHeader).update(input).digest();

const equal = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

function forged({ transactionId }: ProposedCall, what: string, cause?: unknown): Error {
  return sdkError('VT8124', `The gateway answered with ${what}.`, { transactionId, cause });
}
