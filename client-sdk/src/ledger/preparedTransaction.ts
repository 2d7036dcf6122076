import { createHash } from 'node:crypto';
import type { Proposal, Transaction } from '@hyperledger/fabric-gateway';
import { sdkError } from '../errors/veritrainError.js';
import { exactFields, wireFields } from './wireFields.js';

/** A signature of a peer: of what was answered, followed by the peer's identity. */
interface Endorsement {
  /** A serialised `msp.SerializedIdentity`. */
  readonly endorser: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a gateway prepared for this client to sign. */
export interface PreparedAnswer {
  /** What endorsers signed, each followed by its own identity. */
  readonly signed: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}

/**
 * Reads the transaction that a gateway prepared, and refuses every one that is not byte for byte this client's own call
 * with one answer to it. A signature under any other bytes could serve as the signature under another call: fields of a
 * transaction and of a proposal have the same numbers, so the same bytes can be read as both. It is therefore read
 * strictly: every field in its place, none besides.
 *
 * @throws ENDORSEMENT_FORGED; nothing has been signed then.
 */
export function readPrepared(transaction: Transaction, proposal: Proposal): PreparedAnswer {
  try {
    return readStrictly(envelopePayload(transaction), proposalBytes(proposal));
  } catch (cause) {
    const reason = 'The gateway prepared another transaction than the one that this client asked for.';
    throw sdkError('VT8124', reason, { transactionId: proposal.getTransactionId(), cause });
  }
}

/** Of a `gateway.ProposedTransaction`: transaction id, signed proposal { proposal, signature }. */
function proposalBytes(proposal: Proposal): Uint8Array {
  const signedProposal = wireFields(proposal.getBytes()).find(({ number }) => number === 2);
  const [bytes] = exactFields(signedProposal?.bytes ?? empty, 1, 2);
  return bytes;
}

/** Of a `gateway.PreparedTransaction`: transaction id, envelope { payload }. */
function envelopePayload(transaction: Transaction): Uint8Array {
  const envelope = wireFields(transaction.getBytes()).find(({ number }) => number === 2);
  const [payload] = exactFields(envelope?.bytes ?? empty, 1);
  return payload;
}

const empty = new Uint8Array();

function readStrictly(payload: Uint8Array, proposal: Uint8Array): PreparedAnswer {
  const [proposedHeader, input] = exactFields(proposal, 1, 2);
  const [channelHeader, signatureHeader] = exactFields(proposedHeader, 1, 2);
  const [header, transaction] = exactFields(payload, 1, 2);
  requireEqual(header, proposedHeader, 'the header');
  const [action] = exactFields(transaction, 1);
  const [actionHeader, actionPayload] = exactFields(action, 1, 2);
  requireEqual(actionHeader, signatureHeader, 'the header of the action');
  const [calledInput, endorsedAction] = exactFields(actionPayload, 1, 2);
  requireEqual(calledInput, input, 'the input');
  const [answer, ...endorsements] = wireFields(endorsedAction);
  if (answer?.number !== 1 || endorsements.some(({ number }) => number !== 2))
    throw new RangeError('the endorsed action has other fields than it should');
  const [hash] = exactFields(answer.bytes, 1, 2);
  const asked = createHash('sha256').update(channelHeader).update(signatureHeader).update(input).digest();
  requireEqual(hash, asked, 'the call that the endorsers answered');
  return { signed: answer.bytes, endorsements: endorsements.map(({ bytes }) => endorsementIn(bytes)) };
}

function endorsementIn(bytes: Uint8Array): Endorsement {
  const [endorser, signature] = exactFields(bytes, 1, 2);
  return { endorser, signature };
}

function requireEqual(found: Uint8Array, own: Uint8Array, what: string): void {
  if (Buffer.compare(found, own) !== 0) throw new RangeError(`${what} is not this client’s`);
}
