import { type CallOptions, InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';
import { readableDetails } from './readableDetails.js';

/** For one call by Fabric's gateway client: how long it may take, and the signal that cancels it on the wire. */
export const callOptions = (timeoutMs: number, signal?: AbortSignal): CallOptions => ({
  deadline: Date.now() + timeoutMs,
  ...streamOptions(signal),
});

/** The same without a deadline, for streams that live until they are closed. */
export const streamOptions = (signal?: AbortSignal): CallOptions => ({
  // A call's interceptors take the place of its client's, so each call needs all of them.
  interceptors: signal === undefined ? [readableDetails] : [readableDetails, cancelOn(signal)],
});

function cancelOn(signal: AbortSignal): Interceptor {
  return (options, nextCall) => {
    const cancel = (): void => {
      call.cancelWithStatus(status.CANCELLED, 'aborted by the caller');
    };
    const call = new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        signal.addEventListener('abort', cancel, { once: true });
        next(metadata, {
          onReceiveStatus(received, nextStatus) {
            signal.removeEventListener('abort', cancel);
            nextStatus(received);
          },
        });
      },
    });
    return call;
  };
}
