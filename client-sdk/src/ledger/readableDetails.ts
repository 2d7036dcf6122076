import { InterceptingCall, type Interceptor, type Metadata } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';

const detailsField = 'grpc-status-details-bin';

/** What each peer said of a call that failed, which gRPC carries beside the message. @throws Error for other bytes */
export const detailsIn = (metadata: Metadata): gateway.ErrorDetail[] =>
  metadata
    .get(detailsField)
    .flatMap((value) => google.rpc.Status.deserializeBinary(Buffer.from(value)).getDetailsList())
    .map((any) => gateway.ErrorDetail.deserializeBinary(any.getValue_asU8()));

/**
 * Leaves out what peers said where it cannot be read. It is read in callbacks, out of which an error is nobody's to
 * catch: one malformed answer of a gateway would end the process.
 */
export const readableDetails: Interceptor = (options, nextCall) =>
  new InterceptingCall(nextCall(options), {
    start: (metadata, _listener, next) => {
      next(metadata, {
        onReceiveStatus: (status, pass) => {
          if (!areReadable(status.metadata)) status.metadata.remove(detailsField);
          pass(status);
        },
      });
    },
  });

function areReadable(metadata: Metadata): boolean {
  try {
    detailsIn(metadata);
    return true;
  } catch {
    return false;
  }
}
