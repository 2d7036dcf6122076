import { status, type ServiceError } from '@grpc/grpc-js';
import { GatewayError, StatusCode } from '@hyperledger/fabric-gateway';
import { gateway as gatewayProtos, google } from '@hyperledger/fabric-protos';

/** What a call came to: a name to count it by; and what is wrong with the answer, where something is. */
export interface Outcome {
  readonly name: string;
  readonly fault?: string;
}

interface Failure {
  readonly code: number;
  readonly message: string;
  readonly details: readonly string[];
}

/** The contract's answer as a peer reports it: its code comes first, whatever the caller sent. */
const refusal = /^chaincode response 500, (VT\d{4}) ([A-Z0-9_]+): /;
const evaluated = 'evaluate call to endorser returned error: ';
/** What Fabric's chaincode qscc says of questions about the chain. */
const ofChain =
  /^chaincode response 500, (access denied for \[|missing 3rd argument for |Invalid chain ID, |Failed to (parse|get) |Incorrect number of arguments, |Rejecting invoke of QSCC)/;
/** Words of a JavaScript engine: nobody foresaw this answer. */
const unforeseen =
  /\b(TypeError|RangeError|SyntaxError|ReferenceError|Assertion)\b|Cannot (read|convert|set)|is not (a function|iterable|defined)|of (undefined|null)\b/;
/** Codes with which Fabric's gateway, peer and orderer refuse by themselves. */
const refusing: readonly number[] = [
  ...[status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, status.ABORTED, status.UNAVAILABLE],
  ...[status.PERMISSION_DENIED, status.RESOURCE_EXHAUSTED],
];
const conflicts: readonly number[] = [StatusCode.MVCC_READ_CONFLICT, StatusCode.PHANTOM_READ_CONFLICT];

/** What a commit that is not valid means: a conflict with another transaction, or a fault. */
export function outcomeOfCommit(code: number): Outcome {
  const name = Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? String(code);
  return conflicts.includes(code) ? { name } : { name, fault: `committed as ${name}` };
}

/** What became of a transaction that the gateway's client made: the contract must have given every refusal. */
export function outcomeOfTransaction(error: unknown): Outcome {
  if (!(error instanceof GatewayError)) return { name: 'client error', fault: String(error) };
  const details = error.details.map(({ message }) => message);
  return ofContract({ code: error.code, message: error.message, details }) ?? uncoded(error.message, details);
}

/** What a call with any bytes ended with: a refusal of the contract, or of Fabric with its code. */
export function outcomeOfMessage(error: ServiceError): Outcome {
  const { code, details: message } = error;
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const nodes = Buffer.isBuffer(bytes) ? google.rpc.Status.deserializeBinary(bytes).getDetailsList() : [];
  const details = nodes.map((node) =>
    gatewayProtos.ErrorDetail.deserializeBinary(node.getValue_asU8()).getMessage(),
  );
  const byContract = ofContract({ code, message, details });
  if (byContract !== undefined) return byContract;
  const name = status[code];
  if (code === status.INTERNAL && message.startsWith('Error deserializing request')) return { name };
  if (!refusing.includes(code) || unforeseen.test([message, ...details].join()))
    return uncoded(message, details);
  return { name };
}

function ofContract({ message, details }: Failure): Outcome | undefined {
  const said = [...details, message].map((text) => text.replace(/^\d+ [A-Z_]+: /, '').replace(evaluated, ''));
  for (const text of said) {
    if (ofChain.test(text)) return { name: 'QSCC' };
    const [, code, name] = refusal.exec(text) ?? [];
    if (code === undefined || name === undefined) continue;
    return code === 'VT0001' ? { name, fault: text } : { name };
  }
  return undefined;
}

const uncoded = (message: string, details: readonly string[]): Outcome => ({
  name: 'un-coded',
  fault: [message, ...details].join('; '),
});
