import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the gateway makes of an answer of the contract. */
export type Lie = (answer: unknown) => unknown;

const asIs = (bytes: Buffer): Buffer => bytes;
const pathOf = (method: string): string => `/gateway.Gateway/${method}`;
const forwarded = ['Evaluate', 'Endorse', 'Submit', 'CommitStatus'];

/** A gateway in front of an honest one: it passes calls on, and changes what queries are answered with. */
export class LyingGateway {
  private readonly server = new Server();
  private readonly honest: Client;

  private constructor(
    target: string,
    private readonly lie: Lie,
  ) {
    this.honest = new Client(target, credentials.createInsecure());
    const method = (name: string) => ({
      path: pathOf(name),
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    });
    this.server.addService(
      Object.fromEntries(forwarded.map((name) => [name, method(name)])),
      Object.fromEntries(forwarded.map((name) => [name, this.forward(name)])),
    );
  }

  /** Has a profile ask such a gateway while something is done. */
  static async inFrontOf<T>(profile: string, lie: Lie, doIt: () => Promise<T>): Promise<T> {
    const path = join(profile, 'profile.json');
    const honest = readFileSync(path, 'utf8');
    const { gateway: way, ...rest } = JSON.parse(honest) as { gateway: { address: string } };
    const lying = new LyingGateway(way.address, lie);
    try {
      writeFileSync(path, JSON.stringify({ ...rest, gateway: { ...way, address: await lying.listen() } }));
      return await doIt();
    } finally {
      writeFileSync(path, honest);
      lying.stop();
    }
  }

  private stop(): void {
    this.server.forceShutdown();
    this.honest.close();
  }

  private listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(`127.0.0.1:${port.toString()}`) : reject(error),
      );
    });
  }

  private forward(name: string) {
    return (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
      this.honest.makeUnaryRequest(pathOf(name), asIs, asIs, call.request, call.metadata, (error, answer) =>
        error === null
          ? callback(null, name === 'Evaluate' ? this.changed(answer!) : answer!)
          : callback(error),
      );
    };
  }

  private changed(bytes: Buffer): Buffer {
    const answer = gateway.EvaluateResponse.deserializeBinary(bytes);
    const result = answer.getResult();
    const told: unknown = JSON.parse(Buffer.from(result?.getPayload_asU8() ?? []).toString('utf8'));
    result?.setPayload(Buffer.from(JSON.stringify(this.lie(told))));
    return Buffer.from(answer.serializeBinary());
  }
}

/** Tells one participant's record, wherever it stands, with another encryption key. */
export const withKey =
  (participantId: string, encryptionKey: object): Lie =>
  (answer) =>
    JSON.parse(
      JSON.stringify(answer, (_name, value: unknown) =>
        isRecord(value) && value.participantId === participantId && 'encryptionKey' in value
          ? { ...value, encryptionKey }
          : value,
      ),
    ) as unknown;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
