import type { peer } from '@hyperledger/fabric-protos';
import type { Member, Membership } from '../identity/membership.js';

/**
 * Whether the endorsements carry valid signatures of peers of at least `required` organisations, as the channel's
 * endorsement policy in block 0 requires.
 */
export function endorsementsSatisfy(
  responsePayload: Uint8Array,
  endorsements: readonly peer.Endorsement[],
  membership: Membership,
  required: number,
): boolean {
  const organizations = new Set<string>();
  for (const endorsement of endorsements) {
    const endorser = endorsement.getEndorser_asU8();
    const member = membership.find(endorser);
    if (!isPeer(member) || organizations.has(member.mspId)) continue;
    const signed = Buffer.concat([responsePayload, endorser]);
    if (member.verifies(signed, endorsement.getSignature_asU8())) organizations.add(member.mspId);
  }
  return organizations.size >= required;
}

function isPeer(member: Member | undefined): member is Member {
  return member?.section === 'application' && member.role === 'peer';
}
