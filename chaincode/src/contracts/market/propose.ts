import {
  checkDurations,
  checkSettings,
  ContractError,
  step,
  proposalMachine,
  votesNeeded,
  type ConfigProposal,
  type ConfigVote,
  type MarketConfig,
  type ParsedInputOf,
  type ProposalView,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { requireAdministrator, writeConfig } from './configRecord.js';

export async function proposeConfig(
  tx: Transaction,
  input: ParsedInputOf<'ProposeConfig'>,
): Promise<ConfigProposal> {
  const config = await tx.config();
  const mspId = requireAdministrator(tx, config.settings.votingOrganizations);
  const { proposalId, settings, voteMs } = input;
  tx.requireOwnId(proposalId, mspId);
  const existing = await tx.ledger.get(records.proposal, proposalId);
  if (existing !== null) {
    const same = existing.proposedBy === mspId && existing.voteDeadline.durationMs === voteMs;
    if (same && holds(existing.settings, settings)) return existing;
    throw new ContractError('CONFLICT', 'Another proposal has this id.', { proposalId });
  }
  checkSettings(settings);
  checkDurations(config.settings, { voteMs });
  const proposal: ConfigProposal = {
    proposalId,
    baseVersion: config.version,
    settings,
    state: step(proposalMachine, null, 'ProposeConfig', 'open'),
    proposedBy: mspId,
    proposedAt: await tx.stamp(),
    voteDeadline: await tx.deadline(voteMs, config.settings.windowMs),
  };
  tx.ledger.put(records.proposal, [proposalId], proposal);
  tx.emit({ type: 'ConfigProposed', proposalId, mspId });
  return proposal;
}

async function votesOf(
  tx: Transaction,
  proposalId: string,
  organizations: readonly string[],
): Promise<ConfigVote[]> {
  const votes: ConfigVote[] = [];
  for (const mspId of organizations) {
    const vote = await tx.ledger.get(records.vote, proposalId, mspId);
    if (vote !== null) votes.push(vote);
  }
  return votes;
}

/** Organisations that the proposal adds. Each must approve it. */
const joiningOf = (proposal: ConfigProposal, config: MarketConfig): string[] =>
  proposal.settings.votingOrganizations.filter(
    (mspId) => !config.settings.votingOrganizations.includes(mspId),
  );

function tally(
  votes: readonly ConfigVote[],
  voting: readonly string[],
  joining: readonly string[],
): ConfigProposal['state'] {
  const needed = votesNeeded(voting.length);
  const count = (of: readonly string[], approve: boolean): number =>
    votes.filter((vote) => vote.approve === approve && of.includes(vote.mspId)).length;
  if (voting.length - count(voting, false) < needed || count(joining, false) > 0) return 'refused';
  return count(voting, true) >= needed && count(joining, true) === joining.length ? 'adopted' : 'open';
}

function report(tx: Transaction, proposal: ConfigProposal, config: MarketConfig): void {
  const { proposalId, settings } = proposal;
  if (proposal.state === 'refused') tx.emit({ type: 'ConfigRefused', proposalId });
  if (proposal.state !== 'adopted') return;
  const { version } = writeConfig(tx, config.version + 1, settings);
  tx.emit({ type: 'ConfigAdopted', proposalId, version });
}

export async function voteConfig(tx: Transaction, input: ParsedInputOf<'VoteConfig'>): Promise<ProposalView> {
  const config = await tx.config();
  const { proposalId, approve } = input;
  const proposal = await tx.find(records.proposal, 'proposal', proposalId);
  const { votingOrganizations } = config.settings;
  const joining = joiningOf(proposal, config);
  const mspId = requireAdministrator(tx, [...votingOrganizations, ...joining]);
  const vote = await tx.ledger.get(records.vote, proposalId, mspId);
  if (vote !== null) {
    if (vote.approve === approve) return viewProposal(tx, proposalId);
    throw new ContractError('CONFLICT', 'The organisation has voted the other way, and votes are final.', {
      proposalId,
    });
  }
  step(proposalMachine, proposal.state, 'VoteConfig', 'open', { proposalId });
  if (proposal.baseVersion !== config.version) {
    throw new ContractError('PROPOSAL_STALE', 'The configuration has changed since the proposal.', {
      proposalId,
    });
  }
  await tx.requireInTime(proposal.voteDeadline, 'vote');
  tx.ledger.put(records.vote, [proposalId, mspId], { proposalId, mspId, approve, votedAt: await tx.stamp() });
  tx.emit({ type: 'ConfigVoted', proposalId, mspId, approve });
  const votes = await votesOf(tx, proposalId, [...votingOrganizations, ...joining]);
  const end = tally(votes, votingOrganizations, joining);
  const decided = { ...proposal, state: step(proposalMachine, proposal.state, 'VoteConfig', end) };
  if (end !== 'open') tx.ledger.put(records.proposal, [proposalId], decided);
  report(tx, decided, config);
  return viewProposal(tx, proposalId);
}

/** The proposal with the votes of the current voting organisations and of those that it adds. */
export async function viewProposal(tx: Transaction, proposalId: string): Promise<ProposalView> {
  const proposal = await tx.find(records.proposal, 'proposal', proposalId);
  const config = await tx.config();
  const { votingOrganizations } = config.settings;
  const joining = joiningOf(proposal, config);
  return {
    ...proposal,
    votes: await votesOf(tx, proposalId, [...votingOrganizations, ...joining]),
    votesNeeded: votesNeeded(votingOrganizations.length),
    joining,
  };
}
