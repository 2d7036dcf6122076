import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { TransactionContent } from '../commit/transaction.js';
import { sameBytes } from '../hashing.js';
import type { Endorser, Simulation } from '../peer/endorser.js';
import type { Proposal } from '../peer/proposal.js';
import { SYSTEM_QUERY_CHAINCODE } from '../peer/proposalChecks.js';
import type { GatewayNetwork } from './network.js';
import { chaincodeErrorText, detailOf, readProposal, refusalOf } from './proposals.js';
import type { RpcErrorDetail } from './rpcError.js';
import { RpcError } from './rpcError.js';

type Endorsed = Extract<Simulation, { outcome: 'endorsed' }>;

interface Answer {
  readonly endorser: Endorser;
  readonly simulation: Simulation;
}

/** Has a proposal run by as many organisations as the policy asks for and makes a transaction of what they sign. */
export async function endorse(
  request: gateway.EndorseRequest,
  network: GatewayNetwork,
): Promise<gateway.EndorseResponse> {
  const proposal = readProposal(request.getProposedTransaction(), '');
  const named = request.getEndorsingOrganizationsList();
  const endorsers =
    named.length > 0 ? namedEndorsers(named, proposal, network) : policyEndorsers(proposal, network);
  const refusal = refusalOf(proposal, network);
  if (refusal !== undefined) throw firstFailed([detailOf(endorsers.chosen[0], refusal.message)]);
  const answers = await collect(proposal, endorsers, network);
  const response = new gateway.EndorseResponse();
  response.setPreparedTransaction(prepare(proposal, agreed(answers), network));
  return response;
}

interface Choice {
  readonly chosen: readonly [Endorser, ...Endorser[]];
  /** Asked in place of chosen ones that cannot be reached. */
  readonly spare: readonly Endorser[];
}

/** The client takes the choice, and the responsibility that it satisfies the policy. */
function namedEndorsers(
  organizations: readonly string[],
  proposal: Proposal,
  network: GatewayNetwork,
): Choice {
  const known = isServed(proposal, network);
  const missing = organizations.filter(
    (mspId) => !known || !network.endorsers.some((one) => one.mspId === mspId),
  );
  const [first, ...others] = network.endorsers.filter(({ mspId }) => organizations.includes(mspId));
  if (missing.length > 0 || first === undefined) {
    const text = `failed to find any endorsing peers for org(s): ${missing.join(', ')}`;
    throw new RpcError(status.UNAVAILABLE, text);
  }
  return { chosen: [first, ...others], spare: [] };
}

function policyEndorsers(proposal: Proposal, network: GatewayNetwork): Choice {
  const ready = [...network.endorsers].sort(
    (left, right) => Number(right.available) - Number(left.available),
  );
  const [first, ...others] = ready.slice(0, network.requiredEndorsements);
  if (!isServed(proposal, network) || first === undefined) {
    const interest = `chaincodes:<name:"${proposal.chaincodeName}" >`;
    const why = `failed constructing descriptor for ${interest}`;
    const text = `no combination of peers can be derived which satisfy the endorsement policy: ${why}`;
    throw new RpcError(status.FAILED_PRECONDITION, text);
  }
  return { chosen: [first, ...others], spare: ready.slice(network.requiredEndorsements) };
}

function isServed(proposal: Proposal, network: GatewayNetwork): boolean {
  const known = [network.chaincodeName, SYSTEM_QUERY_CHAINCODE].includes(proposal.chaincodeName);
  return known && proposal.channel === network.channel;
}

/** All run over the same committed state, each on its own chaincode, at the same time. */
async function collect(
  proposal: Proposal,
  { chosen, spare }: Choice,
  network: GatewayNetwork,
): Promise<Answer[]> {
  const snapshot = network.chain.state.snapshot();
  const left = [...spare];
  const ask = async (endorser: Endorser): Promise<Answer> => {
    const simulation = await simulate(proposal, endorser, network, snapshot);
    const next = simulation.outcome === 'failed' ? left.shift() : undefined;
    return next === undefined ? { endorser, simulation } : ask(next);
  };
  try {
    return await Promise.all(chosen.map(ask));
  } finally {
    snapshot.release();
  }
}

async function simulate(
  proposal: Proposal,
  endorser: Endorser,
  network: GatewayNetwork,
  snapshot: Parameters<Endorser['simulate']>[1],
): Promise<Simulation> {
  if (proposal.chaincodeName !== SYSTEM_QUERY_CHAINCODE) return endorser.simulate(proposal, snapshot);
  const response = await network.systemQueries.invoke(proposal);
  const text = 'system chaincode is evaluated, not submitted';
  return response.getStatus() < 400 ? { outcome: 'failed', message: text } : { outcome: 'refused', response };
}

interface Agreement {
  readonly result: Endorsed;
  readonly endorsers: readonly Endorser[];
}

/** Every answer must be a success, with the first one's bytes. */
function agreed(answers: readonly Answer[]): Agreement {
  const first = answers[0]?.simulation;
  const details: RpcErrorDetail[] = [];
  for (const { endorser, simulation } of answers) {
    const problem = problemOf(simulation, first);
    if (problem !== undefined) details.push(detailOf(endorser, problem));
  }
  if (first?.outcome !== 'endorsed') throw firstFailed(details.slice(0, 1));
  if (details.length > 0) {
    const text = 'failed to collect enough transaction endorsements, see attached details for more info';
    throw new RpcError(status.ABORTED, text, details);
  }
  return { result: first, endorsers: answers.map(({ endorser }) => endorser) };
}

function problemOf(simulation: Simulation, first: Simulation | undefined): string | undefined {
  if (simulation.outcome === 'failed') return simulation.message;
  if (simulation.outcome === 'refused') return chaincodeErrorText(simulation.response);
  if (first?.outcome !== 'endorsed' || sameBytes(first.payload, simulation.payload)) return undefined;
  return 'ProposalResponsePayloads do not match';
}

function firstFailed(details: readonly RpcErrorDetail[]): RpcError {
  const text = 'failed to endorse transaction, see attached details for more info';
  return new RpcError(status.ABORTED, text, details);
}

/** The transaction as it will stand on the chain, but for the client's signature. */
function prepare(
  proposal: Proposal,
  { result, endorsers }: Agreement,
  network: GatewayNetwork,
): common.Envelope {
  const endorsements = endorsers.map((endorser) => endorser.endorse(result.payload));
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(result.payload);
  endorsed.setEndorsementsList(endorsements);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal.publicPayload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(proposal.header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(proposal.header);
  payload.setData(transaction.serializeBinary());
  const bytes = payload.serializeBinary();
  const content: TransactionContent = {
    chaincodeName: proposal.chaincodeName,
    sets: result.sets,
    event: result.event,
    responsePayload: result.payload,
    endorsements,
  };
  if (endorsers.length >= network.requiredEndorsements)
    network.prepared.add(proposal.transactionId, bytes, content);
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  return envelope;
}
