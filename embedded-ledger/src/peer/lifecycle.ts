import { peer } from '@hyperledger/fabric-protos';
import type { Membership } from '../identity/membership.js';
import { CHAINCODE_VERSION, type Simulation } from './endorser.js';
import type { Proposal } from './proposal.js';
import { maySubmit, policyRefusal } from './proposalChecks.js';
import { answered, refused, type SystemChaincode } from './systemChaincode.js';

const { QueryChaincodeDefinitionArgs, QueryChaincodeDefinitionResult } = peer.lifecycle;
const QUERY = 'QueryChaincodeDefinition';

/** The channel's definition of a chaincode. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly channel: string;
  /** MSP ids of the organisations that have approved it: here all, from block 0 on. */
  readonly organizations: readonly string[];
}

/**
 * Answers the one query of Fabric's `_lifecycle` that members may call: the definition of a chaincode. There is one
 * chaincode, the channel's own policy is its endorsement policy, and only a restart of the ledger changes it. All other
 * calls are refused.
 */
export class LifecycleQueries implements SystemChaincode {
  constructor(
    private readonly definition: ChaincodeDefinition,
    private readonly membership: Membership,
  ) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface of system chaincode is asynchronous
  async simulate(proposal: Proposal): Promise<Simulation> {
    const [name, argument, ...more] = proposal.input.getArgsList_asU8();
    if (name === undefined) return refused(500, 'lifecycle scc must be invoked with arguments');
    if (argument === undefined || more.length > 0) {
      const count = String(more.length + (argument === undefined ? 1 : 2));
      return refused(500, `lifecycle scc operations require exactly two arguments but received ${count}`);
    }
    const operation = Buffer.from(name).toString();
    const denial = this.denialOf(proposal, operation);
    if (denial !== undefined)
      return refused(500, `Failed to authorize invocation due to failed ACL check: ${denial}`);
    return this.definitionOf(argument);
  }

  private denialOf(proposal: Proposal, operation: string): string | undefined {
    if (operation !== QUERY) return `Unmapped policy for _lifecycle/${operation}`;
    const member = this.membership.find(proposal.signatureHeader.getCreator_asU8());
    return maySubmit(member) ? undefined : policyRefusal('Writers', this.definition.channel);
  }

  private definitionOf(argument: Uint8Array): Simulation {
    let asked: string;
    try {
      asked = QueryChaincodeDefinitionArgs.deserializeBinary(argument).getName();
    } catch {
      const what = `could not decode input arg for *lifecycle.Invocation.${QUERY}`;
      return refused(500, `failed to invoke backing implementation of '${QUERY}': ${what}`);
    }
    const { name, organizations } = this.definition;
    if (asked !== name) return refused(404, `namespace ${asked} is not defined`);
    const policy = new peer.ApplicationPolicy();
    policy.setChannelConfigPolicyReference('/Channel/Application/Endorsement');
    const result = new QueryChaincodeDefinitionResult();
    result.setSequence(1);
    result.setVersion(CHAINCODE_VERSION);
    result.setEndorsementPlugin('escc');
    result.setValidationPlugin('vscc');
    result.setValidationParameter(policy.serializeBinary());
    result.setCollections(new peer.CollectionConfigPackage());
    for (const organization of organizations) result.getApprovalsMap().set(organization, true);
    return answered(result.serializeBinary());
  }
}
