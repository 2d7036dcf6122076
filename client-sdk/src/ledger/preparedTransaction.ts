import { createHash } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';
import { sdkError } from '../errors/veritrainError.js';
import type { ProposedCall } from './proposal.js';
import { exactFields, wireFields } from './wireFields.js';

/** A signature of a peer: of what was answered, followed by the peer's identity. */
interface Endorsement {
  /** A serialised `msp.SerializedIdentity`. */
  readonly endorser: Uint8Array;
  readonly signature: Uint8Array;
}

/** What endorsers answered to a call, and signed. */
export interface SignedAnswer {
  /** What was signed, by each endorser followed by its own identity. */
  readonly signed: Uint8Array;
  readonly endorsements: readonly Endorsement[];
}

/** What a gateway prepared for this client to sign. */
export interface PreparedTransaction extends SignedAnswer {
  readonly transactionId: string;
  /** The bytes to sign. */
  readonly payload: Uint8Array;
  /** What the contract returned. */
  readonly result: Uint8Array;
}

/**
 * Reads the transaction that a gateway prepared, and refuses every one that is not byte for byte this client's own call
 * with one answer to it. A signature under any other bytes could serve as the signature under another call: fields of a
 * transaction and of a proposal have the same numbers, so the same bytes can be read as both. It is therefore read
 * strictly: every field in its place, none besides.
 *
 * @param response a serialised `gateway.EndorseResponse`
 * @throws ENDORSEMENT_FORGED; nothing has been signed then.
 */
export function readPrepared(response: Uint8Array, call: ProposedCall): PreparedTransaction {
  try {
    const [envelope] = exactFields(response, 1);
    const [payload] = exactFields(envelope, 1);
    return { transactionId: call.transactionId, payload, ...readPayload(payload, call) };
  } catch (cause) {
    const reason = 'The gateway prepared another transaction than the one that this client asked for.';
    throw sdkError('VT8124', reason, { transactionId: call.transactionId, cause });
  }
}

function readPayload(
  payload: Uint8Array,
  call: ProposedCall,
): SignedAnswer & { readonly result: Uint8Array } {
  const [header, transaction] = exactFields(payload, 1, 2);
  requireEqual(header, call.header, 'the header');
  const [action] = exactFields(transaction, 1);
  const [actionHeader, actionPayload] = exactFields(action, 1, 2);
  requireEqual(actionHeader, call.signatureHeader, 'the header of the action');
  const [input, endorsedAction] = exactFields(actionPayload, 1, 2);
  requireEqual(input, call.input, 'the input');
  const [answer, ...endorsements] = wireFields(endorsedAction);
  if (answer?.number !== 1 || endorsements.some(({ number }) => number !== 2))
    throw new RangeError('the endorsed action has other fields than it should');
  const [hash, chaincodeAction] = exactFields(answer.bytes, 1, 2);
  requireEqual(hash, hashOf(call), 'the call that the endorsers answered');
  return {
    signed: answer.bytes,
    endorsements: endorsements.map(({ bytes }) => endorsementIn(bytes)),
    result:
      peer.ChaincodeAction.deserializeBinary(chaincodeAction).getResponse()?.getPayload_asU8() ??
      new Uint8Array(),
  };
}

const hashOf = ({ channelHeader, signatureHeader, input }: ProposedCall): Uint8Array =>
  createHash('sha256').update(channelHeader).update(signatureHeader).update(input).digest();

function endorsementIn(bytes: Uint8Array): Endorsement {
  const [endorser, signature] = exactFields(bytes, 1, 2);
  return { endorser, signature };
}

function requireEqual(found: Uint8Array, own: Uint8Array, what: string): void {
  if (Buffer.compare(found, own) !== 0) throw new RangeError(`${what} is not this client’s`);
}
