import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { type AskedCall, askedCall, honestPayload } from './endorsedEnvelope.js';

/** What a scripted step answers, or the failure that it throws. */
export class Failure extends Error {
  constructor(
    readonly code: status,
    message: string,
    /** What peers said, or bytes in its place. */
    readonly details: readonly string[] | Uint8Array = [],
  ) {
    super(message);
  }
}

export interface Script {
  evaluate?(transactionId: string): Promise<Uint8Array> | Uint8Array;
  /** The contract's answer. */
  endorse?(transactionId: string): Promise<Uint8Array> | Uint8Array;
  /** The payload of the transaction that is prepared of it; default: an honest one without endorsements. */
  prepare?(call: AskedCall, result: Uint8Array): Uint8Array;
  submit?(transactionId: string): Promise<void> | undefined;
  /** The validation code. */
  commitStatus?(transactionId: string, cancelled: AbortSignal): Promise<number> | number;
  events?(from: { startBlock: string; afterTransactionId: string }): AsyncIterable<ScriptedBlock>;
}

export interface ScriptedBlock {
  readonly blockNumber: number;
  readonly events: readonly { transactionId: string; eventName?: string; payload: string }[];
}

/** A genuine gRPC server of Fabric's Gateway protocol whose answers a test writes; it records what was asked. */
export class ScriptedGateway {
  readonly asked: string[] = [];
  readonly transactionIds: Record<'endorse' | 'submit' | 'commitStatus', string[]> = {
    endorse: [],
    submit: [],
    commitStatus: [],
  };
  /** Of each endorsement the organisations that were asked for. */
  readonly endorsers: string[][] = [];
  address = '';
  #server: Server | undefined;

  constructor(readonly script: Script) {}

  async start(port = 0): Promise<this> {
    this.#server = new Server();
    this.#server.addService(gateway.GatewayService, {
      evaluate: unary((request: gateway.EvaluateRequest) => this.#evaluate(request)),
      endorse: unary((request: gateway.EndorseRequest) => this.#endorse(request)),
      submit: unary((request: gateway.SubmitRequest) => this.#submit(request)),
      commitStatus: unary((request: gateway.SignedCommitStatusRequest, signal) =>
        this.#status(request, signal),
      ),
      chaincodeEvents: (call: EventCall) => void this.#events(call),
    });
    const server = this.#server;
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) => {
        if (error === null) resolve(found);
        else reject(error);
      });
    });
    this.address = `127.0.0.1:${bound}`;
    return this;
  }

  /** Drops every connection at once, as a process that is killed does. */
  stop(): void {
    this.#server?.forceShutdown();
  }

  async #evaluate(request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
    this.asked.push('evaluate');
    const response = new peer.Response();
    response.setPayload(await must(this.script.evaluate)(request.getTransactionId()));
    const answer = new gateway.EvaluateResponse();
    answer.setResult(response);
    return answer;
  }

  async #endorse(request: gateway.EndorseRequest): Promise<gateway.EndorseResponse> {
    this.asked.push('endorse');
    this.transactionIds.endorse.push(request.getTransactionId());
    this.endorsers.push(request.getEndorsingOrganizationsList());
    const result = await must(this.script.endorse)(request.getTransactionId());
    const call = askedCall(request);
    const prepare = this.script.prepare ?? ((asked, bytes) => honestPayload(asked, bytes, []));
    const envelope = new common.Envelope();
    envelope.setPayload(prepare(call, result));
    const answer = new gateway.EndorseResponse();
    answer.setPreparedTransaction(envelope);
    return answer;
  }

  async #submit(request: gateway.SubmitRequest): Promise<gateway.SubmitResponse> {
    this.asked.push('submit');
    this.transactionIds.submit.push(request.getTransactionId());
    await this.script.submit?.(request.getTransactionId());
    return new gateway.SubmitResponse();
  }

  async #status(
    signed: gateway.SignedCommitStatusRequest,
    cancelled: AbortSignal,
  ): Promise<gateway.CommitStatusResponse> {
    this.asked.push('commitStatus');
    const transactionId = gateway.CommitStatusRequest.deserializeBinary(
      signed.getRequest_asU8(),
    ).getTransactionId();
    this.transactionIds.commitStatus.push(transactionId);
    const code = await must(this.script.commitStatus)(transactionId, cancelled);
    const answer = new gateway.CommitStatusResponse();
    answer.setResult(code as peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap]);
    answer.setBlockNumber(7);
    return answer;
  }

  async #events(call: EventCall): Promise<void> {
    this.asked.push('events');
    const request = gateway.ChaincodeEventsRequest.deserializeBinary(call.request.getRequest_asU8());
    const startBlock = String(request.getStartPosition()?.getSpecified()?.getNumber() ?? '');
    try {
      const blocks = must(this.script.events)({
        startBlock,
        afterTransactionId: request.getAfterTransactionId(),
      });
      for await (const block of blocks) call.write(responseOf(block));
      call.end();
    } catch (error) {
      call.emit('error', serviceError(error));
    }
  }
}

type EventCall = ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

function must<T>(step: T | undefined): T {
  if (step === undefined) throw new Failure(status.UNIMPLEMENTED, 'the script has no such step');
  return step;
}

function unary<Request, Response>(handle: (request: Request, cancelled: AbortSignal) => Promise<Response>) {
  return (
    call: ServerUnaryCall<Request, Response>,
    callback: (error: Partial<ServiceError> | null, value?: Response) => void,
  ): void => {
    const cancelled = new AbortController();
    call.on('cancelled', () => {
      cancelled.abort();
    });
    handle(call.request, cancelled.signal).then(
      (value) => {
        callback(null, value);
      },
      (error: unknown) => {
        callback(serviceError(error));
      },
    );
  };
}

function serviceError(error: unknown): ServiceError {
  const failure = error instanceof Failure ? error : new Failure(status.UNKNOWN, String(error));
  const metadata = new Metadata();
  if (failure.details.length > 0) metadata.set('grpc-status-details-bin', statusDetails(failure));
  return Object.assign(new Error(failure.message), {
    code: failure.code,
    details: failure.message,
    metadata,
  });
}

/** google.rpc.Status with one gateway.ErrorDetail for each text. */
function statusDetails({ code, message, details }: Failure): Buffer {
  if (details instanceof Uint8Array) return Buffer.from(details);
  const anys = details.map((text) => {
    const detail = new gateway.ErrorDetail();
    detail.setAddress('peer0:7051');
    detail.setMspId('Org1MSP');
    detail.setMessage(text);
    const value = Buffer.from(detail.serializeBinary());
    const any = Buffer.concat([
      field(1, Buffer.from('type.googleapis.com/gateway.ErrorDetail')),
      field(2, value),
    ]);
    return field(3, any);
  });
  return Buffer.concat([Buffer.from([0x08, code]), field(2, Buffer.from(message)), ...anys]);
}

/** A length-delimited protobuf field. */
function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), bytes]);
}

function responseOf({ blockNumber, events }: ScriptedBlock): gateway.ChaincodeEventsResponse {
  const response = new gateway.ChaincodeEventsResponse();
  response.setBlockNumber(blockNumber);
  response.setEventsList(
    events.map(({ transactionId, eventName = 'veritrain.changes', payload }) => {
      const event = new peer.ChaincodeEvent();
      event.setTxId(transactionId);
      event.setEventName(eventName);
      event.setPayload(Buffer.from(payload));
      return event;
    }),
  );
  return response;
}
