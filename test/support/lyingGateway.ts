import * as grpc from '@grpc/grpc-js';
import { common, gateway as protos, peer } from '@hyperledger/fabric-protos';
import { type LoadedProfile, loadProfile } from '@veritrain/client-sdk';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call as a gateway reads it in a proposal. */
export interface AskedOf {
  /** Such as `RoundContract:GetRound`. */
  readonly name: string;
  readonly input: unknown;
  readonly chaincode: string;
  readonly header: common.Header;
}

/** What the gateway makes of an answer of the contract. */
export type Lie = (answer: unknown, asked: AskedOf) => unknown;

export interface Lies {
  /** In place of what honest peers answer to a query, asked of one of them or endorsed by several. */
  answer?: Lie;
  /** In place of the payload of the transaction that honest peers endorsed. */
  prepare?(asked: AskedOf, honest: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** In place of the one organisation that a client wants an answer of. */
  askInstead?(organization: string): string;
  /** Whether a signed transaction is taken and never sent on; it is then told to be committed as valid. */
  swallow?(asked: AskedOf): boolean;
  /** In place of the validation code that the ledger has for a transaction. */
  status?(honest: number): number;
  /** Told of every call before it is passed on. */
  heard?(asked: AskedOf): void;
  /** Told of every transaction that members signed. */
  signed?(envelope: common.Envelope): void;
}

type Bytes = Uint8Array;
const asTheyAre = (bytes: Bytes): Buffer => Buffer.from(bytes);
const path = (method: string): string => `/gateway.Gateway/${method}`;
const call = (method: string, responseStream = false): grpc.MethodDefinition<Bytes, Bytes> => ({
  path: path(method),
  requestStream: false,
  responseStream,
  requestSerialize: asTheyAre,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: asTheyAre,
  responseDeserialize: (bytes) => bytes,
});
const unaryMethods = ['Evaluate', 'Endorse', 'Submit', 'CommitStatus'] as const;

/** The gateway of one organisation, between a member and an honest one: it passes everything on, and lies as it is told. */
export class LyingGateway {
  private readonly endorsed = new Map<string, AskedOf>();
  private readonly swallowed = new Set<string>();

  private constructor(
    readonly address: string,
    private readonly server: grpc.Server,
    private readonly honest: grpc.Client,
    private readonly lies: Lies,
  ) {}

  /** Has a profile ask such a gateway while something is done. */
  static async inFrontOf<T>(profile: string, lies: Lies, doIt: () => Promise<T>): Promise<T> {
    const path = join(profile, 'profile.json');
    const honest = readFileSync(path, 'utf8');
    const liar = await LyingGateway.start(profile, lies);
    try {
      liar.takeOver(profile);
      return await doIt();
    } finally {
      writeFileSync(path, honest);
      liar.stop();
    }
  }

  /** @param profile of a member that is connected to the honest gateway */
  static async start(profile: string, lies: Lies): Promise<LyingGateway> {
    const server = new grpc.Server();
    const honest = clientOf(loadProfile(join(profile, 'profile.json')));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    const liar = new LyingGateway(`127.0.0.1:${port}`, server, honest, lies);
    server.addService(
      {
        ...Object.fromEntries(unaryMethods.map((name) => [name, call(name)])),
        ChaincodeEvents: call('ChaincodeEvents', true),
      },
      {
        ...Object.fromEntries(unaryMethods.map((name) => [name, liar.pass(name)])),
        ChaincodeEvents: (stream: grpc.ServerWritableStream<Bytes, Bytes>) => {
          liar.stream(stream);
        },
      },
    );
    return liar;
  }

  /** Whoever opens the profile from now on asks this gateway. */
  takeOver(profile: string): void {
    const path = join(profile, 'profile.json');
    const before = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...before, gateway: { address: this.address } }));
  }

  stop(): void {
    this.server.forceShutdown();
    this.honest.close();
  }

  private pass(method: (typeof unaryMethods)[number]): grpc.handleUnaryCall<Bytes, Bytes> {
    return ({ request }, answer) => {
      this.tell(method, request);
      const madeUp = this.madeUp(method, request);
      if (madeUp !== undefined) {
        answer(null, madeUp);
        return;
      }
      this.honest.makeUnaryRequest(
        path(method),
        asTheyAre,
        (bytes: Bytes) => bytes,
        this.readdressed(method, request),
        (error, honest) => {
          if (error !== null || honest === undefined) answer(error);
          else void this.bend(method, request, honest).then((bent) => answer(null, bent));
        },
      );
    };
  }

  /** The answers about a transaction that is swallowed. */
  private madeUp(method: (typeof unaryMethods)[number], request: Bytes): Bytes | undefined {
    if (method === 'Submit') {
      const id = protos.SubmitRequest.deserializeBinary(request).getTransactionId();
      const asked = this.endorsed.get(id);
      if (asked === undefined || this.lies.swallow?.(asked) !== true) return undefined;
      this.swallowed.add(id);
      return new protos.SubmitResponse().serializeBinary();
    }
    if (method !== 'CommitStatus') return undefined;
    const question = protos.SignedCommitStatusRequest.deserializeBinary(request).getRequest_asU8();
    const id = protos.CommitStatusRequest.deserializeBinary(question).getTransactionId();
    // An empty answer is VALID, in block 0.
    return this.swallowed.has(id) ? new protos.CommitStatusResponse().serializeBinary() : undefined;
  }

  /** Whom a client wants to endorse stands beside what it signs. */
  private readdressed(method: (typeof unaryMethods)[number], request: Bytes): Bytes {
    const { askInstead } = this.lies;
    if (method !== 'Endorse' || askInstead === undefined) return request;
    const message = protos.EndorseRequest.deserializeBinary(request);
    message.setEndorsingOrganizationsList(message.getEndorsingOrganizationsList().map(askInstead));
    return message.serializeBinary();
  }

  private tell(method: (typeof unaryMethods)[number], request: Bytes): void {
    if (method === 'Submit') {
      const envelope = protos.SubmitRequest.deserializeBinary(request).getPreparedTransaction();
      if (envelope !== undefined) this.lies.signed?.(envelope);
    }
    if (method !== 'Evaluate' && method !== 'Endorse') return;
    const message = method === 'Evaluate' ? protos.EvaluateRequest : protos.EndorseRequest;
    const asked = askedIn(message.deserializeBinary(request).getProposedTransaction());
    if (asked === undefined) return;
    this.lies.heard?.(asked);
    if (method === 'Endorse') this.endorsed.set(transactionIdOf(asked), asked);
  }

  private async bend(method: (typeof unaryMethods)[number], request: Bytes, honest: Bytes): Promise<Bytes> {
    if (method === 'Evaluate') return this.bendEvaluated(request, honest);
    if (method === 'Endorse') return this.bendPrepared(request, honest);
    if (method !== 'CommitStatus' || this.lies.status === undefined) return honest;
    const response = protos.CommitStatusResponse.deserializeBinary(honest);
    response.setResult(this.lies.status(response.getResult()) as ValidationCode);
    return response.serializeBinary();
  }

  private bendEvaluated(request: Bytes, honest: Bytes): Bytes {
    const asked = askedIn(protos.EvaluateRequest.deserializeBinary(request).getProposedTransaction());
    const response = protos.EvaluateResponse.deserializeBinary(honest);
    const result = response.getResult();
    if (asked !== undefined && result !== undefined)
      result.setPayload(this.told(asked, result.getPayload_asU8()));
    return response.serializeBinary();
  }

  private async bendPrepared(request: Bytes, honest: Bytes): Promise<Bytes> {
    const asked = askedIn(protos.EndorseRequest.deserializeBinary(request).getProposedTransaction());
    const response = protos.EndorseResponse.deserializeBinary(honest);
    const envelope = response.getPreparedTransaction();
    if (asked === undefined || envelope === undefined) return honest;
    const payload = envelope.getPayload_asU8();
    if (this.lies.prepare !== undefined) envelope.setPayload(await this.lies.prepare(asked, payload));
    else if (isQuery(asked)) envelope.setPayload(withResult(payload, (result) => this.told(asked, result)));
    return response.serializeBinary();
  }

  private told(asked: AskedOf, honest: Uint8Array): Uint8Array {
    const { answer } = this.lies;
    if (answer === undefined) return honest;
    return Buffer.from(JSON.stringify(answer(JSON.parse(Buffer.from(honest).toString('utf8')), asked)));
  }

  private stream(stream: grpc.ServerWritableStream<Bytes, Bytes>): void {
    const events = this.honest.makeServerStreamRequest(
      path('ChaincodeEvents'),
      asTheyAre,
      (bytes: Bytes) => bytes,
      stream.request,
    );
    events.on('data', (bytes: Bytes) => stream.write(bytes));
    events.on('error', (error) => stream.emit('error', error));
    events.on('end', () => stream.end());
    stream.on('cancelled', () => {
      events.cancel();
    });
  }
}

type ValidationCode = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

const isQuery = ({ name }: AskedOf): boolean => /:(Get|List|WhoAmI)/.test(name);

/** The payload of a prepared transaction with another answer in it; the endorsements no longer fit it. */
function withResult(bytes: Uint8Array, change: (result: Uint8Array) => Uint8Array): Uint8Array {
  const payload = common.Payload.deserializeBinary(bytes);
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [action] = transaction.getActionsList();
  if (action === undefined) return bytes;
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = actionPayload.getAction();
  const answered = peer.ProposalResponsePayload.deserializeBinary(
    endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const chaincodeAction = peer.ChaincodeAction.deserializeBinary(answered.getExtension_asU8());
  const response = chaincodeAction.getResponse();
  response?.setPayload(change(response.getPayload_asU8()));
  answered.setExtension$(chaincodeAction.serializeBinary());
  endorsed?.setProposalResponsePayload(answered.serializeBinary());
  action.setPayload(actionPayload.serializeBinary());
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}

function clientOf({ gateway: { address, tls } }: LoadedProfile): grpc.Client {
  const credentials =
    tls === undefined
      ? grpc.credentials.createInsecure()
      : grpc.credentials.createSsl(Buffer.from(tls.rootCertificatePem));
  const options = tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName };
  return new grpc.Client(address, credentials, options);
}

/** Undefined for calls of other chaincodes than a market's, whose arguments are no JSON. */
function askedIn(signed: peer.SignedProposal | undefined): AskedOf | undefined {
  const proposal = peer.Proposal.deserializeBinary(bytesOf(signed?.getProposalBytes_asU8()));
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  const spec = invocation.getChaincodeSpec();
  const [name, input] = spec?.getInput()?.getArgsList_asU8() ?? [];
  const called = Buffer.from(bytesOf(name)).toString('utf8');
  if (!called.includes(':')) return undefined;
  return {
    name: called,
    input: JSON.parse(Buffer.from(bytesOf(input)).toString('utf8')) as unknown,
    chaincode: spec?.getChaincodeId()?.getName() ?? '',
    header: common.Header.deserializeBinary(proposal.getHeader_asU8()),
  };
}

const transactionIdOf = ({ header }: AskedOf): string =>
  common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId();

const bytesOf = (bytes: Bytes | undefined): Bytes => bytes ?? new Uint8Array();

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
