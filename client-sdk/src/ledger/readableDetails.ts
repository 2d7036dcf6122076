import { InterceptingCall, type Interceptor, type Metadata } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';

const detailsField = 'grpc-status-details-bin';

/** What each peer said of a call that failed, which gRPC carries beside the message; undefined for other bytes. */
export function detailsIn(metadata: Metadata): gateway.ErrorDetail[] | undefined {
  try {
    return metadata
      .get(detailsField)
      .flatMap((value) => google.rpc.Status.deserializeBinary(Buffer.from(value)).getDetailsList())
      .map((any) => gateway.ErrorDetail.deserializeBinary(any.getValue_asU8()));
  } catch {
    return undefined;
  }
}

/**
 * Leaves out what peers said where it cannot be read. Fabric's gateway client reads it in callbacks, out of which an
 * error is nobody's to catch: one malformed answer of a gateway would end the process.
 */
export const readableDetails: Interceptor = (options, nextCall) =>
  new InterceptingCall(nextCall(options), {
    start: (metadata, _listener, next) => {
      next(metadata, {
        onReceiveStatus: (status, pass) => {
          if (detailsIn(status.metadata) === undefined) status.metadata.remove(detailsField);
          pass(status);
        },
      });
    },
  });
