import { type CallOptions, InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';

/** gRPC options for one call: how long it may take, and the signal that cancels it on the wire. */
export function callOptions(timeoutMs: number, signal?: AbortSignal): CallOptions {
  const deadline = Date.now() + timeoutMs;
  return signal === undefined ? { deadline } : { deadline, ...abortable(signal) };
}

/** The same without a deadline, for streams that live until they are closed. */
export function abortable(signal: AbortSignal): CallOptions {
  return { interceptors: [cancelOn(signal)] };
}

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
