import type { ServiceError } from '@grpc/grpc-js';
import { common, gateway as gatewayProtos, google } from '@hyperledger/fabric-protos';
import type { Transaction } from '@hyperledger/fabric-gateway';
import type { Failure } from './calls.js';
import type { NetworkUnderTest } from './network.js';

export type Method = 'Evaluate' | 'Endorse' | 'Submit' | 'CommitStatus';

const bytesOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const PATIENCE_MS = 30_000;

/** What a call of the gateway with exactly these bytes ends with; undefined where it succeeds. */
export function call(
  under: NetworkUnderTest,
  method: Method,
  request: Uint8Array,
): Promise<Failure | undefined> {
  const path = `/gateway.Gateway/${method}`;
  const deadline = Date.now() + PATIENCE_MS;
  return new Promise((resolve) => {
    under.client.makeUnaryRequest(path, bytesOf, bytesOf, request, { deadline }, (error) => {
      resolve(error === null ? undefined : failureOf(error));
    });
  });
}

function failureOf({ name, code, details, metadata }: ServiceError): Failure {
  const [status] = metadata.get('grpc-status-details-bin');
  const nodes = Buffer.isBuffer(status) ? google.rpc.Status.deserializeBinary(status).getDetailsList() : [];
  const messages = nodes.map((node) =>
    gatewayProtos.ErrorDetail.deserializeBinary(node.getValue_asU8()).getMessage(),
  );
  return { kind: name, code, message: details, details: messages };
}

/** Sends a prepared transaction for ordering, signed over what it says once it is changed. */
export async function submitChanged(
  under: NetworkUnderTest,
  transaction: Transaction,
  channel: string,
  change: (payload: common.Payload) => void = () => undefined,
): Promise<Failure | undefined> {
  const prepared = gatewayProtos.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const payload = common.Payload.deserializeBinary(prepared.getEnvelope()!.getPayload_asU8());
  change(payload);
  return submitPayload(under, payload.serializeBinary(), channel);
}

/** Sends any bytes for ordering as if they were a transaction's. */
export async function submitPayload(
  under: NetworkUnderTest,
  payload: Uint8Array,
  channel: string,
): Promise<Failure | undefined> {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(await under.sign(payload));
  const request = new gatewayProtos.SubmitRequest();
  request.setChannelId(channel);
  request.setPreparedTransaction(envelope);
  return call(under, 'Submit', request.serializeBinary());
}

/** Changes the part of a header that says what the message is and where it belongs. */
export function changeChannelHeader(
  payload: common.Payload,
  change: (header: common.ChannelHeader) => void,
): void {
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  change(header);
  payload.getHeader()!.setChannelHeader(header.serializeBinary());
}
