import type { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { common } from '@hyperledger/fabric-protos';
import { transactionIdOf } from '../hashing.js';
import type { Member, Membership } from '../identity/membership.js';
import type { Proposal } from './proposal.js';
import { isSystemChaincode } from './systemChaincode.js';

const TIME_WINDOW_MS = 15 * 60_000;

/** A proposal that a peer refuses. The text is Fabric's. */
export class ProposalRefusedError extends Error {
  override readonly name = 'ProposalRefusedError';

  constructor(
    message: string,
    /** The stage at which a peer refuses: authentication (clock, expiry) or validation of the proposal. */
    readonly stage: 'authentication' | 'validation',
  ) {
    super(message);
  }
}

export interface ProposalCheckContext {
  readonly membership: Membership;
  readonly transactionExists: (id: string) => boolean;
  readonly now: () => number;
}

/** All checks of a peer on a proposal for this channel, in Fabric's order. @throws ProposalRefusedError */
export function checkProposal(proposal: Proposal, context: ProposalCheckContext): void {
  const creator = proposal.signatureHeader.getCreator_asU8();
  const member = context.membership.find(creator);
  if (member !== undefined && member.expiresAt.getTime() < context.now()) {
    throw new ProposalRefusedError('proposal client identity expired', 'authentication');
  }
  checkTimestamp(proposal, context.now());
  if (proposal.incomplete !== undefined) throw new ProposalRefusedError(proposal.incomplete, 'validation');
  checkHeaders(proposal);
  checkCreator(proposal, member);
  if (context.transactionExists(proposal.transactionId)) {
    const hex = Buffer.from(creator).toString('hex');
    const what = `duplicate transaction found [${proposal.transactionId}]. Creator [${hex}]`;
    throw new ProposalRefusedError(what, 'validation');
  }
  if (!isSystemChaincode(proposal.chaincodeName) && !maySubmit(member)) {
    throw new ProposalRefusedError(policyRefusal('Writers', proposal.channel), 'validation');
  }
}

/** The Writers policy of the application: clients and administrators of its organisations. */
export function maySubmit(member: Member | undefined): boolean {
  return member?.section === 'application' && (member.role === 'client' || member.role === 'admin');
}

/** The Readers policy of the application: clients, administrators and peers of its organisations. */
export function mayRead(member: Member | undefined): boolean {
  return maySubmit(member) || (member?.section === 'application' && member.role === 'peer');
}

/** The Writers policy of the whole channel, which the orderer applies: the application's, or the orderer's members. */
export function mayOrder(member: Member | undefined): boolean {
  return maySubmit(member) || (member?.section === 'orderer' && member.role !== undefined);
}

export function policyFailure(policy: 'Writers' | 'Readers'): string {
  return (
    'implicit policy evaluation failed - 0 sub-policies were satisfied, ' +
    `but this policy requires 1 of the '${policy}' sub-policies to be satisfied`
  );
}

/** A peer's refusal of a member that a policy of the application does not admit. */
export function policyRefusal(policy: 'Writers' | 'Readers', channel: string): string {
  const where = `during check policy on channel [${channel}] with policy [/Channel/Application/${policy}]`;
  return `Failed evaluating policy on signed data ${where}: [${policyFailure(policy)}]`;
}

function checkTimestamp(proposal: Proposal, now: number): void {
  const timestamp = proposal.channelHeader.getTimestamp();
  if (isTimely(timestamp, now)) return;
  const sent = millisecondsOf(timestamp);
  const times = `${formatTime(sent)}, peer time ${formatTime(now)}, peer.authentication.timewindow 15m0s`;
  throw new ProposalRefusedError(
    `request unauthorized due to incorrect timestamp ${times}`,
    'authentication',
  );
}

/** Whether a request is dated within fifteen minutes of now. */
export function isTimely(timestamp: Timestamp | undefined, now: number): boolean {
  return Math.abs(millisecondsOf(timestamp) - now) <= TIME_WINDOW_MS;
}

/** Milliseconds since 1970; 0 for a request without a time. */
function millisecondsOf(timestamp: Timestamp | undefined): number {
  return timestamp === undefined ? 0 : timestamp.getSeconds() * 1000 + timestamp.getNanos() / 1e6;
}

function formatTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function checkHeaders({ channelHeader, signatureHeader, signed, transactionId }: Proposal): void {
  const type = channelHeader.getType();
  if (type !== common.HeaderType.ENDORSER_TRANSACTION && type !== common.HeaderType.CONFIG) {
    throw refused(`invalid header type ${headerTypeName(type)}`);
  }
  if (channelHeader.getEpoch() !== 0) throw refused('epoch is non-zero');
  const nonce = signatureHeader.getNonce_asU8();
  const creator = signatureHeader.getCreator_asU8();
  if (nonce.length === 0) throw refused('nonce is empty');
  if (creator.length === 0) throw refused('creator is empty');
  const expected = transactionIdOf(nonce, creator);
  if (transactionId !== expected) {
    throw refused(`incorrectly computed txid '${transactionId}' -- expected '${expected}'`);
  }
  if (signed.getSignature_asU8().length === 0) throw refused('empty signature bytes');
}

function headerTypeName(type: number): string {
  return Object.entries(common.HeaderType).find(([, value]) => value === type)?.[0] ?? String(type);
}

function checkCreator(proposal: Proposal, member: Member | undefined): void {
  const denied = `access denied: channel [${proposal.channel}] creator org`;
  if (member === undefined) throw refused(`${denied} unknown, creator is malformed`);
  const { signed } = proposal;
  const valid =
    member.role !== undefined && member.verifies(signed.getProposalBytes_asU8(), signed.getSignature_asU8());
  if (!valid) throw refused(`${denied} [${member.mspId}]`);
}

function refused(message: string): ProposalRefusedError {
  return new ProposalRefusedError(`error validating proposal: ${message}`, 'validation');
}
