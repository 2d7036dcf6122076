import { common, msp } from '@hyperledger/fabric-protos';
import type { Organization } from '../identity/organizations.js';

/** A policy of the channel's configuration, before it is encoded. */
export interface Rule {
  readonly type: common.Policy.PolicyTypeMap[keyof common.Policy.PolicyTypeMap];
  readonly message: { serializeBinary(): Uint8Array };
}

type RoleName = keyof msp.MSPRole.MSPRoleTypeMap;

interface Principal {
  readonly mspId: string;
  readonly role: RoleName;
}

/** Satisfied when any, a majority or all of the groups below satisfy their policy of this name. */
export function implicitMeta(rule: keyof common.ImplicitMetaPolicy.RuleMap, subPolicy: string): Rule {
  const message = new common.ImplicitMetaPolicy();
  message.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  message.setSubPolicy(subPolicy);
  return { type: common.Policy.PolicyType.IMPLICIT_META, message };
}

/** Satisfied by signatures of `count` different principals of the list. */
export function atLeast(count: number, principals: readonly Principal[]): Rule {
  const choice = new common.SignaturePolicy.NOutOf();
  choice.setN(count);
  choice.setRulesList(
    principals.map((_, index) => {
      const signedBy = new common.SignaturePolicy();
      signedBy.setSignedBy(index);
      return signedBy;
    }),
  );
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(choice);
  const message = new common.SignaturePolicyEnvelope();
  message.setVersion(0);
  message.setRule(rule);
  message.setIdentitiesList(principals.map(encodePrincipal));
  return { type: common.Policy.PolicyType.SIGNATURE, message };
}

/** An organisation's own policies, as in networks made by cryptogen (with node organizational units). */
export function organizationPolicies(mspId: string, kind: 'peer' | 'orderer'): Record<string, Rule> {
  const anyOf = (...roles: readonly RoleName[]): Rule =>
    atLeast(
      1,
      roles.map((role) => ({ mspId, role })),
    );
  if (kind === 'orderer')
    return { Readers: anyOf('MEMBER'), Writers: anyOf('MEMBER'), Admins: anyOf('ADMIN') };
  return {
    Readers: anyOf('ADMIN', 'PEER', 'CLIENT'),
    Writers: anyOf('ADMIN', 'CLIENT'),
    Admins: anyOf('ADMIN'),
    Endorsement: anyOf('PEER'),
  };
}

/** The channel's definition of an organisation: its roots, and the role that each unit of a certificate stands for. */
export function membershipConfig(organization: Organization): msp.MSPConfig {
  const root = Buffer.from(organization.authority.certificatePem);
  const unit = (name: string): msp.FabricOUIdentifier => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setCertificate(root);
    identifier.setOrganizationalUnitIdentifier(name);
    return identifier;
  };
  const units = new msp.FabricNodeOUs();
  units.setEnable(true);
  units.setClientOuIdentifier(unit('client'));
  units.setPeerOuIdentifier(unit('peer'));
  units.setAdminOuIdentifier(unit('admin'));
  units.setOrdererOuIdentifier(unit('orderer'));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  const config = new msp.FabricMSPConfig();
  config.setName(organization.mspId);
  config.setRootCertsList([root]);
  if (organization.tls !== undefined) config.setTlsRootCertsList([Buffer.from(organization.tls.rootPem)]);
  config.setCryptoConfig(crypto);
  config.setFabricNodeOus(units);
  const wrapped = new msp.MSPConfig();
  wrapped.setType(0);
  wrapped.setConfig(config.serializeBinary());
  return wrapped;
}

function encodePrincipal({ mspId, role }: Principal): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(msp.MSPRole.MSPRoleType[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  return principal;
}
