import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import type { gateway } from '@hyperledger/fabric-protos';
import type { Admission } from './admission.js';
import type { BlockEvents } from './blockEvents.js';
import { chaincodeEvents } from './chaincodeEvents.js';
import type { OnCancelled } from './commitStatus.js';
import { commitStatus } from './commitStatus.js';
import { endorse } from './endorse.js';
import { evaluate } from './evaluate.js';
import type { GatewayNetwork } from './network.js';
import { toServiceError } from './rpcError.js';
import { cancellationOf, writeTo } from './streams.js';
import { submit } from './submit.js';

type Answer<Request, Response> = (request: Request, onCancelled: OnCancelled) => Response | Promise<Response>;

/** Fabric's Gateway service, which `@hyperledger/fabric-gateway` calls. */
export function createGatewayService(
  network: GatewayNetwork,
  events: BlockEvents,
  admission: Admission,
): gateway.IGatewayServer {
  const unary = <Request extends object, Response>(answer: Answer<Request, Response>) =>
    admitted(answer, admission);
  return {
    evaluate: unary((request: gateway.EvaluateRequest) => evaluate(request, network)),
    endorse: unary((request: gateway.EndorseRequest) => endorse(request, network)),
    submit: unary((request: gateway.SubmitRequest) => submit(request, network)),
    commitStatus: unary((request: gateway.SignedCommitStatusRequest, onCancelled) =>
      commitStatus(request, network, onCancelled),
    ),
    chaincodeEvents: (call) => void streamEvents(call, network, events, admission),
  };
}

function admitted<Request extends object, Response>(answer: Answer<Request, Response>, admission: Admission) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    const onCancelled: OnCancelled = (listener) => call.once('cancelled', listener);
    const respond = async (): Promise<Response> => {
      const leave = admission.enter(call.request);
      try {
        return await answer(call.request, onCancelled);
      } finally {
        leave();
      }
    };
    respond().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(toServiceError(error));
      },
    );
  };
}

async function streamEvents(
  call: ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>,
  network: GatewayNetwork,
  events: BlockEvents,
  admission: Admission,
): Promise<void> {
  const cancelled = cancellationOf(call);
  let leave: (() => void) | undefined;
  try {
    leave = admission.enter(call.request);
    for await (const response of chaincodeEvents(call.request, network, events, cancelled)) {
      await writeTo(call, response, cancelled);
    }
  } catch (error) {
    if (!cancelled.aborted) call.emit('error', toServiceError(error));
  } finally {
    leave?.();
  }
}
