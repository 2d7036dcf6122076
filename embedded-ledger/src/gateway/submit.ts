import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { OrderedTransaction } from '../commit/committer.js';
import { endorsementsSatisfy } from '../commit/endorsements.js';
import type { EnvelopeHeader, ParsedContent, TransactionContent } from '../commit/transaction.js';
import { parseTransaction, readHeader } from '../commit/transaction.js';
import { ABSOLUTE_MAX_BYTES } from '../order/genesis.js';
import { mayOrder, policyFailure } from '../peer/proposalChecks.js';
import type { GatewayNetwork } from './network.js';
import { unknownChannel } from './proposals.js';
import { RpcError } from './rpcError.js';

const Code = peer.TxValidationCode;

/** Message types that the orderer does not accept from a client. Peers validate all others. */
const UNORDERED: ReadonlyMap<number, string> = new Map([
  [common.HeaderType.CONFIG, 'message is of type that cannot be processed directly'],
  [common.HeaderType.CONFIG_UPDATE, 'the embedded ledger does not support config updates'],
  [common.HeaderType.ORDERER_TRANSACTION, 'message is of type that is no longer supported'],
]);

/** Accepts a signed transaction for ordering. Accepted does not mean committed: `commitStatus` reports that. */
export function submit(request: gateway.SubmitRequest, network: GatewayNetwork): gateway.SubmitResponse {
  const envelope = request.getPreparedTransaction();
  if (envelope === undefined)
    throw new RpcError(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  if (envelope.getSignature_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  }
  if (request.getChannelId() !== network.channel) {
    throw new RpcError(status.FAILED_PRECONDITION, unknownChannel(request.getChannelId()));
  }
  const payload = envelope.getPayload_asU8();
  // A transaction that was endorsed here and returns unchanged has passed every check that needs no state.
  const known = network.prepared.take(request.getTransactionId(), payload);
  const header = known?.header ?? readAddress(payload);
  admit(header, envelope, network);
  const taken = network.order({
    transactionId: header.transactionId,
    envelope: envelope.serializeBinary(),
    verdict: known === undefined ? judge(payload, network) : { code: Code.VALID, content: known.content },
  });
  if (!taken) throw refused('SERVICE_UNAVAILABLE', 'too many transactions wait for their block');
  return new gateway.SubmitResponse();
}

/** The orderer's filters, in its order: channel, kind, size, the submitter's expiry and signature. */
function admit(header: EnvelopeHeader, envelope: common.Envelope, network: GatewayNetwork): void {
  const unordered = UNORDERED.get(header.type);
  if (unordered !== undefined) throw refused('BAD_REQUEST', unordered);
  if (header.channel !== network.channel) throw refused('BAD_REQUEST', 'channel does not exist');
  const payload = envelope.getPayload_asU8();
  const size = payload.length + envelope.getSignature_asU8().length;
  if (size > ABSOLUTE_MAX_BYTES) {
    const limit = `exceeds maximum allowed ${String(ABSOLUTE_MAX_BYTES)} bytes`;
    throw refused('BAD_REQUEST', `message payload is ${String(size)} bytes and ${limit}`);
  }
  admitSubmitter(header, payload, envelope.getSignature_asU8(), network);
}

function readAddress(payload: Uint8Array): EnvelopeHeader {
  const header = readHeader(payload)?.fields;
  if (header !== undefined) return header;
  const unreadable = 'error unmarshalling Payload: proto: cannot parse invalid wire-format data';
  const why = isWithoutHeader(payload) ? 'header not set' : unreadable;
  throw refused('BAD_REQUEST', `could not determine channel ID: ${why}`);
}

function isWithoutHeader(payload: Uint8Array): boolean {
  try {
    return !common.Payload.deserializeBinary(payload).hasHeader();
  } catch {
    return false;
  }
}

function admitSubmitter(
  header: EnvelopeHeader,
  payload: Uint8Array,
  signature: Uint8Array,
  network: GatewayNetwork,
): void {
  const member = network.membership.find(header.creator);
  if (member !== undefined && member.expiresAt.getTime() < network.now()) {
    throw refused('BAD_REQUEST', 'broadcast client identity expired');
  }
  if (!mayOrder(member) || member?.verifies(payload, signature) !== true) {
    throw refused('FORBIDDEN', `${policyFailure('Writers')}: permission denied`);
  }
}

/** The peer's checks that need no state. */
function judge(payload: Uint8Array, network: GatewayNetwork): OrderedTransaction['verdict'] {
  const parsed: ParsedContent = parseTransaction(payload);
  if (parsed.code !== Code.VALID) return parsed;
  const { responsePayload, endorsements } = parsed.content;
  if (!endorsementsSatisfy(responsePayload, endorsements, network.membership, network.requiredEndorsements)) {
    return { code: Code.ENDORSEMENT_POLICY_FAILURE };
  }
  if (!writesOwnNamespace(parsed.content, network.chaincodeName)) return { code: Code.ILLEGAL_WRITESET };
  return parsed;
}

function writesOwnNamespace(content: TransactionContent, chaincodeName: string): boolean {
  return (
    content.chaincodeName === chaincodeName &&
    content.sets.every(({ namespace }) => namespace === chaincodeName)
  );
}

function refused(code: string, info: string): RpcError {
  return new RpcError(
    status.ABORTED,
    `received unsuccessful response from orderer: status=${code}, info=${info}`,
  );
}
