import type { Client, ServiceError } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { gateway } from '@hyperledger/fabric-protos';
import type { ProposedCall } from './proposal.js';
import { detailsIn } from './readableDetails.js';
import { wireMessage } from './wireFields.js';

/** Whether and where a transaction was committed. */
export interface CommitStatus {
  readonly transactionId: string;
  /** Fabric's `TxValidationCode`; 0 is valid. */
  readonly code: number;
  readonly blockNumber: bigint;
}

/** How long a call may take, and what cancels it on the wire. */
interface CallLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The calls of Fabric's gateway that a transaction consists of, on bytes: what is signed here is exactly what was looked
 * at here. Each rejects with a TransactionError.
 */
export class GatewayCalls {
  constructor(
    private readonly client: Client,
    private readonly channel: string,
    private readonly creator: Uint8Array,
    private readonly sign: (message: Uint8Array) => Promise<Uint8Array>,
  ) {}

  /**
   * @param organizations the ones to ask; none for as many as the policy asks for
   * @returns a serialised `gateway.EndorseResponse`
   */
  async endorse(
    { transactionId, bytes }: ProposedCall,
    organizations: readonly string[],
    limits: CallLimits,
  ): Promise<Uint8Array> {
    const signed = wireMessage([1, bytes], [2, await this.sign(bytes)]);
    const named = organizations.map((each): [number, string] => [4, each]);
    const request = wireMessage([1, transactionId], [2, this.channel], [3, signed], ...named);
    return this.unary('Endorse', transactionId, request, limits);
  }

  /** @param payload of the prepared transaction, checked to be this client's own */
  async submit(transactionId: string, payload: Uint8Array, limits: CallLimits): Promise<void> {
    const envelope = wireMessage([1, payload], [2, await this.sign(payload)]);
    const request = wireMessage([1, transactionId], [2, this.channel], [3, envelope]);
    await this.unary('Submit', transactionId, request, limits);
  }

  /** Returns once the transaction is in a block. */
  async commitStatus(transactionId: string, limits: CallLimits): Promise<CommitStatus> {
    const question = wireMessage([1, transactionId], [2, this.channel], [3, this.creator]);
    const request = wireMessage([1, question], [2, await this.sign(question)]);
    const status = gateway.CommitStatusResponse.deserializeBinary(
      await this.unary('CommitStatus', transactionId, request, limits),
    );
    return { transactionId, code: status.getResult(), blockNumber: BigInt(status.getBlockNumber()) };
  }

  private unary(
    method: string,
    transactionId: string,
    request: Buffer,
    { timeoutMs, signal }: CallLimits,
  ): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest(
        `/gateway.Gateway/${method}`,
        asBytes,
        asBytes,
        request,
        { deadline: Date.now() + timeoutMs },
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (error === null) resolve(response ?? new Uint8Array());
          else reject(transactionError(error, transactionId));
        },
      );
      const cancel = (): void => {
        call.cancel();
      };
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }
}

const asBytes = (bytes: Buffer): Buffer => bytes;

/** A call of a transaction that failed. */
export class TransactionError extends GatewayError {
  constructor(
    properties: ConstructorParameters<typeof GatewayError>[0],
    readonly transactionId: string,
  ) {
    super(properties);
  }
}

function transactionError(error: ServiceError, transactionId: string): TransactionError {
  const details = (detailsIn(error.metadata) ?? []).map((detail) => ({
    address: detail.getAddress(),
    message: detail.getMessage(),
    mspId: detail.getMspId(),
  }));
  return new TransactionError(
    { code: error.code, details, cause: error, message: error.message },
    transactionId,
  );
}
