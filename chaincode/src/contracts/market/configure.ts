import {
  checkDurations,
  checkSettings,
  ContractError,
  leastOrganizations,
  step,
  proposalMachine,
  votesNeeded,
  type ConfigProposal,
  type ConfigVote,
  type MarketConfig,
  type MarketSettings,
  type ParsedInputOf,
  type ProposalView,
} from '../../domain/index.js';
import { holds } from '../../ledger/canonicalJson.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

function requireAdministrator(tx: Transaction, settings: MarketSettings): string {
  const { mspId } = tx.caller;
  const administrator = tx.caller.isAdministrator();
  if (administrator && settings.votingOrganizations.includes(mspId)) return mspId;
  throw new ContractError('NOT_ADMINISTRATOR', 'The caller is no administrator of a voting organisation.', {
    mspId,
    administrator,
  });
}

function writeConfig(tx: Transaction, version: number, settings: MarketSettings): MarketConfig {
  const config: MarketConfig = {
    version,
    ...tx.place,
    settings,
    development: settings.votingOrganizations.length < leastOrganizations,
    transactionId: tx.id,
  };
  tx.ledger.put(records.config, [], config);
  return config;
}

export async function configureMarket(tx: Transaction, settings: MarketSettings): Promise<MarketConfig> {
  const existing = await tx.ledger.get(records.config);
  if (existing !== null) {
    if (existing.version === 1 && holds(existing.settings, settings)) return existing;
    throw new ContractError('CONFLICT', 'The market is configured; changes go by ProposeConfig.');
  }
  requireAdministrator(tx, settings);
  checkSettings(settings);
  tx.emit({ type: 'MarketConfigured', version: 1 });
  return writeConfig(tx, 1, settings);
}

export async function proposeConfig(
  tx: Transaction,
  input: ParsedInputOf<'ProposeConfig'>,
): Promise<ConfigProposal> {
  const config = await tx.config();
  const mspId = requireAdministrator(tx, config.settings);
  const { proposalId, settings, voteMs } = input;
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

const tally = (votes: readonly ConfigVote[], organizations: number): ConfigProposal['state'] => {
  const needed = votesNeeded(organizations);
  const approving = votes.filter((vote) => vote.approve).length;
  if (approving >= needed) return 'adopted';
  return organizations - (votes.length - approving) < needed ? 'refused' : 'open';
};

function report(tx: Transaction, proposal: ConfigProposal, config: MarketConfig): void {
  const { proposalId, settings } = proposal;
  if (proposal.state === 'refused') tx.emit({ type: 'ConfigRefused', proposalId });
  if (proposal.state !== 'adopted') return;
  const { version } = writeConfig(tx, config.version + 1, settings);
  tx.emit({ type: 'ConfigAdopted', proposalId, version });
}

export async function voteConfig(tx: Transaction, input: ParsedInputOf<'VoteConfig'>): Promise<ProposalView> {
  const config = await tx.config();
  const mspId = requireAdministrator(tx, config.settings);
  const { proposalId, approve } = input;
  const proposal = await tx.find(records.proposal, 'proposal', proposalId);
  const vote = await tx.ledger.get(records.vote, proposalId, mspId);
  if (vote !== null) {
    if (vote.approve === approve) return viewProposal(tx, proposalId);
    throw new ContractError('CONFLICT', 'The organisation voted otherwise; votes are final.', { proposalId });
  }
  step(proposalMachine, proposal.state, 'VoteConfig', 'open', { proposalId });
  if (proposal.baseVersion !== config.version) {
    throw new ContractError('PROPOSAL_STALE', 'The configuration changed since.', { proposalId });
  }
  await tx.requireInTime(proposal.voteDeadline, 'vote');
  tx.ledger.put(records.vote, [proposalId, mspId], { proposalId, mspId, approve, votedAt: await tx.stamp() });
  tx.emit({ type: 'ConfigVoted', proposalId, mspId, approve });
  const { votingOrganizations } = config.settings;
  const end = tally(await votesOf(tx, proposalId, votingOrganizations), votingOrganizations.length);
  const decided = { ...proposal, state: step(proposalMachine, proposal.state, 'VoteConfig', end) };
  if (end !== 'open') tx.ledger.put(records.proposal, [proposalId], decided);
  report(tx, decided, config);
  return viewProposal(tx, proposalId);
}

/** The proposal with the votes of those who vote now. */
export async function viewProposal(tx: Transaction, proposalId: string): Promise<ProposalView> {
  const proposal = await tx.find(records.proposal, 'proposal', proposalId);
  const { votingOrganizations } = (await tx.config()).settings;
  return {
    ...proposal,
    votes: await votesOf(tx, proposalId, votingOrganizations),
    votesNeeded: votesNeeded(votingOrganizations.length),
  };
}
