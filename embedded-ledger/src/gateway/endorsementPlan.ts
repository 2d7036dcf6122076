import { status } from '@grpc/grpc-js';
import { sameBytes } from '../hashing.js';
import type { Endorser, Simulation } from '../peer/endorser.js';
import { requestedChaincode } from '../peer/proposal.js';
import type { Proposal } from '../peer/proposal.js';
import type { GatewayNetwork } from './network.js';
import type { AskPeer, Declined, PeerAnswer } from './peerAnswer.js';
import { detailOf } from './peerAnswer.js';
import { isServed } from './proposals.js';
import { RpcError } from './rpcError.js';

type Endorsed = Extract<Simulation, { outcome: 'endorsed' }>;

/** One result, and the peers that agree on it. */
export interface Agreement {
  readonly result: Endorsed;
  readonly endorsers: readonly Endorser[];
}

type Vote = { readonly outcome: 'agreed'; readonly endorser: Endorser } | Declined;

/** Collects from the organisations that the client chose. The client is responsible for satisfying the policy. */
export async function collectFromNamed(
  organizations: readonly string[],
  proposal: Proposal,
  network: GatewayNetwork,
  ask: AskPeer,
): Promise<Agreement> {
  const known = isServed(proposal, network);
  const missing = organizations.filter(
    (mspId) => !known || !network.endorsers.some((one) => one.mspId === mspId),
  );
  if (missing.length > 0) {
    const text = `failed to find any endorsing peers for org(s): ${missing.join(', ')}`;
    throw new RpcError(status.UNAVAILABLE, text);
  }
  const chosen = network.endorsers.filter(({ mspId }) => organizations.includes(mspId));
  const answers = await Promise.all(chosen.map(ask));
  const result = answers.map(resultOf).find((one) => one !== undefined);
  const votes = answers.map((answer) => voteOf(answer, result));
  return agreementOf(result, votes, chosen.length);
}

/**
 * Asks the gateway's own peer and as many others as the policy needs, all at once. If another peer fails or returns a
 * different result, the next organisation replaces it.
 */
export async function collectByPolicy(
  proposal: Proposal,
  network: GatewayNetwork,
  ask: AskPeer,
): Promise<Agreement> {
  const [own, ...others] = network.endorsers;
  if (own === undefined || !isServed(proposal, network)) throw unknownChaincode(proposal);
  const ready = others.sort((left, right) => Number(right.available) - Number(left.available));
  const needed = network.requiredEndorsements - 1;
  const spare = ready.slice(needed);
  const first = ask(own);
  const vote = async (endorser: Endorser): Promise<Vote[]> => {
    const answer = await ask(endorser);
    const result = resultOf(await first);
    const given = voteOf(answer, result);
    const next = given.outcome === 'declined' && result !== undefined ? spare.shift() : undefined;
    return next === undefined ? [given] : [given, ...(await vote(next))];
  };
  const [answer, ...votes] = await Promise.all([first, ...ready.slice(0, needed).map(vote)]);
  if (answer.outcome === 'declined') {
    const text = 'failed to endorse transaction, see attached details for more info';
    throw new RpcError(status.ABORTED, text, [detailOf(answer)]);
  }
  // Then a system chaincode has run, and no policy says who endorses it.
  if (answer.simulation === undefined) throw unknownChaincode(proposal);
  const all: Vote[] = [{ outcome: 'agreed', endorser: own }, ...votes.flat()];
  return agreementOf(answer.simulation, all, network.requiredEndorsements);
}

function resultOf(answer: PeerAnswer): Endorsed | undefined {
  return answer.outcome === 'accepted' ? answer.simulation : undefined;
}

function voteOf(answer: PeerAnswer, result: Endorsed | undefined): Vote {
  if (answer.outcome === 'declined') return answer;
  const { endorser, simulation } = answer;
  if (simulation === undefined) return declined(endorser, 'system chaincode is evaluated, not submitted');
  if (result !== undefined && sameBytes(simulation.payload, result.payload)) {
    return { outcome: 'agreed', endorser };
  }
  return declined(endorser, 'ProposalResponsePayloads do not match');
}

function declined(endorser: Endorser, message: string): Declined {
  return { outcome: 'declined', endorser, code: status.ABORTED, message, final: true };
}

function agreementOf(result: Endorsed | undefined, votes: readonly Vote[], needed: number): Agreement {
  const endorsers = votes.flatMap((vote) => (vote.outcome === 'agreed' ? [vote.endorser] : []));
  if (result !== undefined && endorsers.length >= needed) return { result, endorsers };
  const details = votes.flatMap((vote) => (vote.outcome === 'declined' ? [detailOf(vote)] : []));
  const text = 'failed to collect enough transaction endorsements, see attached details for more info';
  throw new RpcError(status.ABORTED, text, details);
}

function unknownChaincode(proposal: Proposal): RpcError {
  const what = `No metadata was found for chaincode ${requestedChaincode(proposal)} in channel ${proposal.channel}`;
  const text = `no combination of peers can be derived which satisfy the endorsement policy: ${what}`;
  return new RpcError(status.FAILED_PRECONDITION, text);
}
