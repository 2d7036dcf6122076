import { peer } from '@hyperledger/fabric-protos';
import { messageOf } from '../errors.js';
import type { TransactionContext } from './transactionContext.js';

const { Type } = peer.ChaincodeMessage;
/** The limit of a peer. A larger message would end the stream, and the contract with it. */
export const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** An upper bound of a message's size without its payload and its proposal. */
const HEAD_BYTES = 4096;

const STREAM_TERMINATED = 'chaincode stream terminated';

/** The cause of a failed execution that exceeded its time limit. */
export class ExecutionTimeoutError extends Error {
  override readonly name = 'ExecutionTimeoutError';

  constructor() {
    super('timeout expired while executing transaction');
  }
}

export interface Execution {
  readonly channel: string;
  readonly transactionId: string;
  readonly input: peer.ChaincodeInput;
  readonly proposal: peer.SignedProposal;
  readonly context: TransactionContext;
  readonly timeoutMs: number;
}

export interface ExecutionResult {
  readonly response: peer.Response;
  readonly event: peer.ChaincodeEvent | undefined;
}

/** What carries the messages: a gRPC stream to a server, or a pipe to a process of the ledger's own. */
export interface MessageStream {
  on(event: 'data', listener: (message: peer.ChaincodeMessage) => void): unknown;
  on(event: 'end' | 'error', listener: (error?: Error) => void): unknown;
  once(event: 'data', listener: (message: peer.ChaincodeMessage) => void): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  write(message: peer.ChaincodeMessage): unknown;
  end(): unknown;
}

interface Running {
  readonly context: TransactionContext;
  readonly settle: (message: peer.ChaincodeMessage) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A peer's side of one stream to a chaincode. It carries many transactions at once, identified by channel and id.
 */
export class ChaincodeStream {
  private readonly running = new Map<string, Running>();
  private closed = false;

  private constructor(
    private readonly stream: MessageStream,
    private readonly onClosed: () => void,
  ) {
    stream.on('data', (message) => void this.receive(message));
    stream.on('error', () => {
      this.end();
    });
    stream.on('end', () => {
      this.end();
    });
  }

  /** Returns when the chaincode has registered. Calls `onClosed` when the stream ends. */
  static async open(
    stream: MessageStream,
    timeoutMs: number,
    onClosed: () => void,
  ): Promise<ChaincodeStream> {
    await register(stream, timeoutMs);
    return new ChaincodeStream(stream, onClosed);
  }

  /** Runs one transaction function. Throws with Fabric's text if it does not complete. */
  async execute(execution: Execution): Promise<ExecutionResult> {
    const { transactionId, context } = execution;
    const key = runningKey(execution.channel, transactionId);
    let message: peer.ChaincodeMessage;
    try {
      message = await this.completion(key, execution);
    } catch (error) {
      const what = `error sending: ${messageOf(error)}`;
      throw new Error(`failed to execute transaction ${transactionId}: ${what}`, { cause: error });
    } finally {
      this.running.delete(key);
      await context.close();
    }
    if (message.getType() === Type.ERROR) {
      const text = Buffer.from(message.getPayload_asU8()).toString();
      throw new Error(`transaction returned with failure: ${text}`);
    }
    return {
      response: peer.Response.deserializeBinary(message.getPayload_asU8()),
      event: message.getChaincodeEvent(),
    };
  }

  close(): void {
    this.stream.end();
    this.end();
  }

  private async completion(key: string, execution: Execution): Promise<peer.ChaincodeMessage> {
    if (this.closed) throw new Error(STREAM_TERMINATED);
    if (this.running.has(key))
      throw new Error(`txid: ${execution.transactionId}(${execution.channel}) exists`);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<peer.ChaincodeMessage>((settle, fail) => {
        timer = setTimeout(() => {
          fail(new ExecutionTimeoutError());
        }, execution.timeoutMs);
        this.running.set(key, { context: execution.context, settle, fail });
        const message = envelope(Type.TRANSACTION, execution.channel, execution.transactionId);
        message.setPayload(execution.input.serializeBinary());
        message.setProposal(execution.proposal);
        this.send(message);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private async receive(message: peer.ChaincodeMessage): Promise<void> {
    const type = message.getType();
    if (type === Type.KEEPALIVE) return;
    const running = this.running.get(runningKey(message.getChannelId(), message.getTxid()));
    if (type === Type.COMPLETED || type === Type.ERROR) {
      running?.settle(message);
      return;
    }
    const reply = envelope(Type.RESPONSE, message.getChannelId(), message.getTxid());
    try {
      if (running === undefined) throw new Error('no ledger context');
      reply.setPayload(await running.context.answer(message));
      this.send(reply);
    } catch (error) {
      reply.setType(Type.ERROR);
      const failed = `${typeName(type)} failed: transaction ID: ${message.getTxid()}`;
      reply.setPayload(Buffer.from(`${failed}: ${messageOf(error)}`));
      this.send(reply);
    }
  }

  /** Throws Fabric's text for a message that is too large, and writes nothing of it. */
  private send(message: peer.ChaincodeMessage): void {
    const proposal = message.getProposal()?.getProposalBytes_asU8().length ?? 0;
    const bytes = message.getPayload_asU8().length + proposal + HEAD_BYTES;
    if (bytes > MAX_MESSAGE_BYTES) {
      const limit = `(${String(bytes)} vs. ${String(MAX_MESSAGE_BYTES)})`;
      const why = `rpc error: code = ResourceExhausted desc = trying to send message larger than max ${limit}`;
      throw new Error(
        `[${message.getTxid().slice(0, 8)}] error sending ${typeName(message.getType())}: ${why}`,
      );
    }
    if (!this.closed) this.stream.write(message);
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    for (const running of this.running.values()) running.fail(new Error(STREAM_TERMINATED));
    this.onClosed();
  }
}

/** The chaincode sends REGISTER; the peer answers REGISTERED and READY. */
async function register(stream: MessageStream, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('the chaincode did not register in time'));
    }, timeoutMs);
    stream.once('error', reject);
    stream.once('data', (message) => {
      clearTimeout(timer);
      stream.off('error', reject);
      if (message.getType() === Type.REGISTER) resolve();
      else reject(new Error(`the chaincode began with ${typeName(message.getType())} instead of REGISTER`));
    });
  });
  stream.write(envelope(Type.REGISTERED, '', ''));
  const ready = envelope(Type.READY, '', '');
  ready.setPayload(batchParameters());
  stream.write(ready);
}

/** Tells newer shims that reads and writes may come in batches, with Fabric's default sizes. */
function batchParameters(): Uint8Array {
  const parameters = new peer.ChaincodeAdditionalParams();
  parameters.setUseWriteBatch(true);
  parameters.setMaxSizeWriteBatch(1000);
  parameters.setUseGetMultipleKeys(true);
  parameters.setMaxSizeGetMultipleKeys(1000);
  return parameters.serializeBinary();
}

function envelope(
  type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap],
  channel: string,
  transactionId: string,
): peer.ChaincodeMessage {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setChannelId(channel);
  message.setTxid(transactionId);
  return message;
}

function runningKey(channel: string, transactionId: string): string {
  return `${channel}/${transactionId}`;
}

function typeName(type: number): string {
  return Object.entries(Type).find(([, value]) => value === type)?.[0] ?? String(type);
}
