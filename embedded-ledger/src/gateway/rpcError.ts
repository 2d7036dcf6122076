import * as grpc from '@grpc/grpc-js';
import anyProtos from 'google-protobuf/google/protobuf/any_pb.js';
import { gateway, google } from '@hyperledger/fabric-protos';
import { messageOf } from '../errors.js';

/** A node's name and its message. The client receives it as one of the error's details. */
export interface RpcErrorDetail {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** An error of the gateway: gRPC code, Fabric's text, and the nodes' own messages. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: grpc.status,
    message: string,
    readonly details: readonly RpcErrorDetail[] = [],
  ) {
    super(message);
  }
}

/** The headers of a response hold both texts, and clients read some tens of kilobytes of headers. */
const MAX_MESSAGE_CHARACTERS = 2048;
const MAX_DETAILS_CHARACTERS = 8192;

/** The form in which grpc-js sends an error. */
export function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  if (!(error instanceof RpcError))
    return { code: grpc.status.INTERNAL, details: wellFormed(messageOf(error)) };
  const metadata = new grpc.Metadata();
  if (error.details.length > 0) {
    metadata.set('grpc-status-details-bin', Buffer.from(encodeStatus(error)));
  }
  return { code: error.code, details: wellFormed(error.message), metadata };
}

/**
 * A refusal quotes text of the request, so this cuts long text and repairs broken text. grpc-js cannot send half a
 * surrogate pair, and would send nothing.
 */
const wellFormed = (text: string, maxCharacters = MAX_MESSAGE_CHARACTERS): string => {
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
  return Buffer.from(cut, 'utf8').toString('utf8');
};

function encodeStatus(error: RpcError): Uint8Array {
  const status = new google.rpc.Status();
  status.setCode(error.code);
  status.setMessage(wellFormed(error.message));
  const share = Math.floor(MAX_DETAILS_CHARACTERS / error.details.length);
  for (const { address, mspId, message } of error.details) {
    const detail = new gateway.ErrorDetail();
    detail.setAddress(address);
    detail.setMspId(mspId);
    detail.setMessage(wellFormed(message, share));
    const any = new anyProtos.Any();
    any.pack(detail.serializeBinary(), 'gateway.ErrorDetail');
    status.addDetails(any);
  }
  return status.serializeBinary();
}
