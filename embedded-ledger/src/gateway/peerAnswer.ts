import { status } from '@grpc/grpc-js';
import type { peer } from '@hyperledger/fabric-protos';
import type { Endorser, Simulation } from '../peer/endorser.js';
import type { Proposal } from '../peer/proposal.js';
import { checkProposal, ProposalRefusedError } from '../peer/proposalChecks.js';
import type { StateSnapshot } from '../store/stateSnapshot.js';
import type { GatewayNetwork } from './network.js';
import type { RpcErrorDetail } from './rpcError.js';

/** One peer's answer to a proposal, as the gateway judges it. */
export type PeerAnswer = Accepted | Declined;

interface Accepted {
  readonly outcome: 'accepted';
  readonly endorser: Endorser;
  readonly response: peer.Response;
  /** The result to endorse; undefined for an answer of a system chaincode. */
  readonly simulation: Extract<Simulation, { outcome: 'endorsed' }> | undefined;
}

export interface Declined {
  readonly outcome: 'declined';
  readonly endorser: Endorser;
  readonly code: status;
  readonly message: string;
  /** True if another peer would give the same answer, so an evaluation asks no other. */
  readonly final: boolean;
}

export type AskPeer = (endorser: Endorser) => Promise<PeerAnswer>;

/** Has peers check one proposal and run it, all over the same committed state. */
export async function askPeers<T>(
  proposal: Proposal,
  network: GatewayNetwork,
  use: (ask: AskPeer) => Promise<T>,
): Promise<T> {
  const refusal = refusalOf(proposal, network);
  const snapshot = network.chain.state.snapshot();
  try {
    return await use(async (endorser) => {
      if (refusal !== undefined) return refusedBy(endorser, refusal, network);
      return judge(endorser, await simulate(endorser, proposal, network, snapshot));
    });
  } finally {
    snapshot.release();
  }
}

export function detailOf({ endorser, message }: Pick<Declined, 'endorser' | 'message'>): RpcErrorDetail {
  return { address: endorser.address, mspId: endorser.mspId, message };
}

function refusalOf(proposal: Proposal, network: GatewayNetwork): ProposalRefusedError | undefined {
  try {
    checkProposal(proposal, {
      membership: network.membership,
      transactionExists: (id) => network.chain.state.transaction(id) !== undefined,
      now: network.now,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ProposalRefusedError) return error;
    throw error;
  }
}

/** When a peer other than its own refuses, the gateway sees a failed call and no reason to stop. */
function refusedBy(
  endorser: Endorser,
  { message, stage }: ProposalRefusedError,
  network: GatewayNetwork,
): Declined {
  if (endorser !== network.endorsers[0]) {
    const remote = `rpc error: code = Unknown desc = ${message}`;
    return { outcome: 'declined', endorser, code: status.UNAVAILABLE, message: remote, final: false };
  }
  const final = stage === 'validation';
  const code = final ? status.FAILED_PRECONDITION : status.UNAVAILABLE;
  return { outcome: 'declined', endorser, code, message, final };
}

async function simulate(
  endorser: Endorser,
  proposal: Proposal,
  network: GatewayNetwork,
  snapshot: StateSnapshot,
): Promise<Simulation> {
  const { chaincodeName: name, channel, transactionId, input } = proposal;
  const system = network.systemChaincodes.get(name);
  if (name !== network.chaincodeName && system === undefined) {
    const advice = `make sure the chaincode ${name} has been successfully defined on channel ${channel}`;
    return { outcome: 'failed', message: `${advice} and try again: chaincode ${name} not found` };
  }
  if (input.getIsInit()) {
    const what = `chaincode '${name}' does not require initialization but called as init`;
    const where = `error in simulation: failed to execute transaction ${transactionId}`;
    return { outcome: 'failed', message: `${where}: invalid invocation: ${what}` };
  }
  return system === undefined ? endorser.simulate(proposal, snapshot) : system.simulate(proposal);
}

function judge(endorser: Endorser, simulation: Simulation): PeerAnswer {
  if (simulation.outcome === 'failed') {
    const { message } = simulation;
    return { outcome: 'declined', endorser, code: status.ABORTED, message, final: false };
  }
  const { response } = simulation;
  const responseStatus = response.getStatus();
  if (responseStatus < 200 || responseStatus >= 400) {
    const message = `chaincode response ${String(responseStatus)}, ${response.getMessage()}`;
    return { outcome: 'declined', endorser, code: status.UNKNOWN, message, final: true };
  }
  const endorsable = simulation.outcome === 'endorsed' ? simulation : undefined;
  return { outcome: 'accepted', endorser, response, simulation: endorsable };
}
