import { peer } from '@hyperledger/fabric-protos';
import { messageOf } from '../errors.js';
import type { NamespaceReadWriteSet } from '../commit/readWriteSet.js';
import { encodeReadWriteSet } from '../commit/readWriteSet.js';
import type { Signer } from '../identity/signer.js';
import type { StateSnapshot } from '../store/stateSnapshot.js';
import type { ChaincodeRuntime } from './chaincodeRuntime.js';
import type { Proposal } from './proposal.js';
import { Simulator } from './simulator.js';
import type { HistoryReader } from './transactionContext.js';
import { TransactionContext } from './transactionContext.js';

/** Chaincode responses from this status on are errors. */
const ERROR_THRESHOLD = 400;
/** The version of the one chaincode definition that this ledger has. */
export const CHAINCODE_VERSION = '1.0';

/** One peer's result of a proposal. */
export type Simulation =
  | {
      readonly outcome: 'endorsed';
      readonly response: peer.Response;
      readonly payload: Uint8Array;
      readonly sets: readonly NamespaceReadWriteSet[];
      readonly event: peer.ChaincodeEvent | undefined;
    }
  /** It ran and left nothing to sign: an error of the contract, or an answer of a system chaincode. */
  | { readonly outcome: 'answered'; readonly response: peer.Response }
  | { readonly outcome: 'failed'; readonly message: string };

export interface EndorserOptions {
  readonly mspId: string;
  readonly address: string;
  readonly signer: Signer;
  readonly chaincodeName: string;
  readonly runtime: ChaincodeRuntime;
  readonly history: HistoryReader;
  readonly executeTimeoutMs: number;
  readonly queryLimit: number;
}

/** One organisation's peer. It runs proposals on its own chaincode and signs the results. */
export class Endorser {
  readonly mspId: string;
  readonly address: string;

  constructor(private readonly options: EndorserOptions) {
    this.mspId = options.mspId;
    this.address = options.address;
  }

  /** Whether its chaincode is ready. */
  get available(): boolean {
    return this.options.runtime.connected;
  }

  async simulate(proposal: Proposal, snapshot: StateSnapshot): Promise<Simulation> {
    const { chaincodeName } = this.options;
    const simulator = new Simulator(proposal.transactionId, chaincodeName, snapshot);
    try {
      const { response, event } = await this.execute(proposal, simulator);
      if (response.getStatus() >= ERROR_THRESHOLD) return { outcome: 'answered', response };
      const sets = simulator.results();
      const payload = responsePayload(proposal, response, sets, event);
      return { outcome: 'endorsed', response, payload, sets, event };
    } catch (error) {
      return { outcome: 'failed', message: `error in simulation: ${messageOf(error)}` };
    }
  }

  /** Signs a proposal response payload as an endorsement: over payload ‖ endorser. */
  endorse(payload: Uint8Array): peer.Endorsement {
    const { signer } = this.options;
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(signer.identity);
    endorsement.setSignature(signer.sign(Buffer.concat([payload, signer.identity])));
    return endorsement;
  }

  private async execute(
    proposal: Proposal,
    simulator: Simulator,
  ): Promise<{ response: peer.Response; event: peer.ChaincodeEvent | undefined }> {
    const { chaincodeName, runtime, history, queryLimit, executeTimeoutMs } = this.options;
    const result = await runtime.execute({
      channel: proposal.channel,
      transactionId: proposal.transactionId,
      input: proposal.input,
      proposal: proposal.signed,
      context: new TransactionContext({ namespace: chaincodeName, simulator, history, queryLimit }),
      timeoutMs: executeTimeoutMs,
    });
    result.event?.setChaincodeId(chaincodeName);
    result.event?.setTxId(proposal.transactionId);
    return result;
  }
}

function responsePayload(
  proposal: Proposal,
  response: peer.Response,
  sets: readonly NamespaceReadWriteSet[],
  event: peer.ChaincodeEvent | undefined,
): Uint8Array {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(proposal.chaincodeName);
  chaincodeId.setVersion(CHAINCODE_VERSION);
  const action = new peer.ChaincodeAction();
  action.setResults(encodeReadWriteSet(sets));
  action.setResponse(response);
  action.setChaincodeId(chaincodeId);
  if (event !== undefined) action.setEvents(event.serializeBinary());
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(proposal.hash);
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}
