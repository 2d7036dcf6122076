import { common, msp, peer } from '@hyperledger/fabric-protos';

/** What an endorsement policy gives to whom. */
export interface EndorsementPolicy {
  /** The fewest organisations that can write a result by themselves. */
  readonly toWrite: number;
  /** The fewest organisations that can keep every result from being written. */
  readonly toVeto: number;
}

/** Whether the endorsements of these organisations (MSP ids) are enough. */
type Satisfied = (endorsing: ReadonlySet<string>) => boolean;

/** The policy that a chaincode is given where nobody gives it one. */
const defaultReference = '/Channel/Application/Endorsement';

/** Every set of them is looked at, so there must not be more. */
const maxOrganizations = 16;

/**
 * Reads a chaincode's validation parameter: signatures of its own, or a reference to a policy of the channel. Of several
 * signatures that one organisation gives, one is counted. Undefined for a policy of another kind, one that nobody can
 * satisfy, and more than 16 organisations.
 */
export function readEndorsementPolicy(
  validationParameter: Uint8Array,
  application: common.ConfigGroup,
): EndorsementPolicy | undefined {
  const policy = peer.ApplicationPolicy.deserializeBinary(validationParameter);
  const signatures = policy.getSignaturePolicy();
  if (signatures === undefined) return readPolicy(policy.getChannelConfigPolicyReference(), application);
  return measure(signedBy(signatures), namesOf(application));
}

/** The same for a policy of the channel's application part, by its name or its whole path. */
export const readPolicy = (
  reference: string,
  application: common.ConfigGroup,
): EndorsementPolicy | undefined => measure(referred(reference, application), namesOf(application));

const namesOf = (application: common.ConfigGroup): string[] =>
  application
    .getGroupsMap()
    .toArray()
    .map(([name]) => name);

function referred(reference: string, application: common.ConfigGroup): Satisfied | undefined {
  const [, name] = /^(?:\/Channel\/Application\/)?([^/]+)$/.exec(reference || defaultReference) ?? [];
  const policy = name === undefined ? undefined : application.getPoliciesMap().get(name)?.getPolicy();
  if (policy?.getType() === common.Policy.PolicyType.SIGNATURE)
    return signedBy(common.SignaturePolicyEnvelope.deserializeBinary(policy.getValue_asU8()));
  if (policy?.getType() !== common.Policy.PolicyType.IMPLICIT_META) return undefined;
  const rule = common.ImplicitMetaPolicy.deserializeBinary(policy.getValue_asU8()).getRule();
  const needed = implicitCount(rule, namesOf(application).length);
  return (endorsing) => endorsing.size >= needed;
}

function implicitCount(rule: number, organizations: number): number {
  const { ANY, ALL } = common.ImplicitMetaPolicy.Rule;
  if (rule === ANY) return 1;
  return rule === ALL ? organizations : Math.floor(organizations / 2) + 1;
}

function signedBy(envelope: common.SignaturePolicyEnvelope): Satisfied | undefined {
  const signers = envelope.getIdentitiesList().map(organizationOf);
  const rule = envelope.getRule();
  if (rule === undefined || signers.includes(undefined)) return undefined;
  return (endorsing) => isSatisfied(rule, (signer) => endorsing.has(signers[signer] ?? ''));
}

function isSatisfied(rule: common.SignaturePolicy, hasSigned: (signer: number) => boolean): boolean {
  const choice = rule.getNOutOf();
  if (choice === undefined) return hasSigned(rule.getSignedBy());
  return choice.getRulesList().filter((each) => isSatisfied(each, hasSigned)).length >= choice.getN();
}

/** The organisation that a signer belongs to, whatever its role in it. */
function organizationOf(principal: msp.MSPPrincipal): string | undefined {
  const { ROLE, ORGANIZATION_UNIT, IDENTITY } = msp.MSPPrincipal.Classification;
  const bytes = principal.getPrincipal_asU8();
  switch (principal.getPrincipalClassification()) {
    case ROLE:
      return msp.MSPRole.deserializeBinary(bytes).getMspIdentifier();
    case ORGANIZATION_UNIT:
      return msp.OrganizationUnit.deserializeBinary(bytes).getMspIdentifier();
    case IDENTITY:
      return msp.SerializedIdentity.deserializeBinary(bytes).getMspid();
    default:
      return undefined;
  }
}

function measure(
  satisfied: Satisfied | undefined,
  organizations: readonly string[],
): EndorsementPolicy | undefined {
  const { length } = organizations;
  if (satisfied === undefined || length > maxOrganizations) return undefined;
  let toWrite = Infinity;
  let toVeto = length;
  for (let set = 1; set < 2 ** length; set += 1) {
    const endorsing = new Set(organizations.filter((_, index) => (set >> index) & 1));
    if (satisfied(endorsing)) toWrite = Math.min(toWrite, endorsing.size);
    else toVeto = Math.min(toVeto, length - endorsing.size);
  }
  return Number.isFinite(toWrite) ? { toWrite, toVeto } : undefined;
}
