import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { parseErrorMessage } from '@veritrain/chaincode/domain';
import { abortError } from '../errors/abort.js';
import type { SdkErrorCode } from '../errors/table.js';
import { VeritrainError, sdkError } from '../errors/veritrainError.js';
import { TransactionError } from './gatewayCalls.js';
import { refusedIdentity } from './refusedIdentity.js';
import type { CallContext } from './types.js';

/** Turns what the gateway client threw into the one error family. */
export function ledgerError(error: unknown, { signal }: CallContext = {}): VeritrainError {
  if (error instanceof VeritrainError) return error;
  const transactionId = error instanceof TransactionError ? error.transactionId : undefined;
  if (signal?.aborted) return abortError(signal, transactionId);
  if (!(error instanceof GatewayError))
    return sdkError('VT8105', 'The gateway client failed.', { cause: error, transactionId });
  return refusedByContract(error, transactionId) ?? refusedByLedger(error, transactionId);
}

function refusedByContract(
  error: GatewayError,
  transactionId: string | undefined,
): VeritrainError | undefined {
  const texts = [...error.details.map(({ message }) => message), error.message];
  const refusal = texts.map(parseErrorMessage).find((found) => found !== null);
  if (refusal === undefined) return undefined;
  const { code, name: title, message: reason, facts, hint } = refusal;
  return new VeritrainError({ code, title, reason, facts, hint, transactionId, cause: error });
}

function refusedByLedger(error: GatewayError, transactionId: string | undefined): VeritrainError {
  const said = error.details.map(({ mspId, message }) => `${mspId}: ${message}`).join('; ');
  const text = said === '' ? error.message : said;
  const facts = { grpcStatus: status[error.code] ?? String(error.code), said: text };
  const refused = refusedIdentity(`${text} ${error.message}`);
  if (refused !== undefined) {
    const { code, reason } = refused;
    return sdkError(code, reason, { facts: { ...facts, ...refused.facts }, transactionId, cause: error });
  }
  return sdkError(codeOf(error, text), sentence(error), { facts, transactionId, cause: error });
}

const codes = new Map<number, SdkErrorCode>([
  [status.UNAVAILABLE, 'VT8101'],
  [status.DEADLINE_EXCEEDED, 'VT8102'],
  [status.PERMISSION_DENIED, 'VT8103'],
  [status.UNAUTHENTICATED, 'VT8103'],
  [status.RESOURCE_EXHAUSTED, 'VT8109'],
]);

/**
 * In the words of Fabric's gateway, which knows of the policy and of the peers that it can reach; of its gRPC client,
 * where a peer that it still counts on has gone; and of a peer whose chaincode does not run, or ended meanwhile.
 */
const tooFewEndorsers = new RegExp(
  [
    'due to unavailability of peers',
    'no peer combination can satisfy the endorsement policy',
    'rpc error: code = (?:Unavailable|DeadlineExceeded)',
    'could not launch chaincode',
    'chaincode stream terminated',
  ].join('|'),
);

function codeOf(error: GatewayError, text: string): SdkErrorCode {
  if (tooFewEndorsers.test(`${error.message} ${text}`)) return 'VT8110';
  const byStatus = codes.get(error.code);
  if (byStatus !== undefined) return byStatus;
  if (`${error.message} ${text}`.includes('ProposalResponsePayloads do not match')) return 'VT8104';
  return 'VT8105';
}

function sentence(error: GatewayError): string {
  const text = error.message.replace(/^\d+ [A-Z_]+: /, '');
  const asSentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(asSentence) ? asSentence : `${asSentence}.`;
}
