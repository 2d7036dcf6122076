import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import type { PinnedOrganization } from './pinnedOrganizations.js';

/** An organisation that takes part in transactions, with the roots that it is known by. */
export interface ChannelOrganization extends PinnedOrganization {
  /** `host:port` of the peers at which other organisations' peers find it; the channel need not name any. */
  readonly anchorPeers: readonly string[];
}

/** Who brings transactions into an order. */
export interface ChannelOrdering {
  /** `etcdraft` and `BFT` on Fabric, `solo` on the embedded ledger. */
  readonly consensus: string;
  /** `host:port` of the orderers, as peers are told to reach them. */
  readonly addresses: readonly string[];
  /** How many decide together; 0 where the consensus is none of the known ones. */
  readonly consenters: number;
}

/** What the channel's newest configuration says of the network. */
export interface ChannelConfig {
  /** Who takes part in transactions. */
  readonly organizations: readonly ChannelOrganization[];
  /** Who brings them into an order. */
  readonly ordering: ChannelOrdering;
}

/** The number of the block with the configuration that held when a block was cut. */
export function lastConfigOf(block: common.Block): number {
  const slot = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
  const metadata = common.Metadata.deserializeBinary(slot ?? new Uint8Array());
  const ofOrderer = common.OrdererBlockMetadata.deserializeBinary(metadata.getValue_asU8());
  return ofOrderer.getLastConfig()?.getIndex() ?? 0;
}

/** Reads a configuration block. @throws Error for a block that is none */
export function readChannelConfig(block: common.Block): ChannelConfig {
  const { channel, application, ordering } = partsOf(block);
  return {
    organizations: groupsOf(application).map(([mspId, group]) => ({
      mspId,
      ...rootsOf(group),
      anchorPeers: anchorPeersOf(group),
    })),
    ordering: orderingOf(channel, ordering),
  };
}

/** The part about those who transact. @throws Error for a block that is none */
export const applicationOf = (block: common.Block): common.ConfigGroup => partsOf(block).application;

function partsOf(block: common.Block): Record<'channel' | 'application' | 'ordering', common.ConfigGroup> {
  const [envelope] = block.getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(envelope ?? new Uint8Array()).getPayload_asU8(),
  );
  const channel = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8())
    .getConfig()
    ?.getChannelGroup();
  const application = channel?.getGroupsMap().get('Application');
  const ordering = channel?.getGroupsMap().get('Orderer');
  if (channel === undefined || application === undefined || ordering === undefined)
    throw new Error('The block holds no configuration of a channel.');
  return { channel, application, ordering };
}

function groupsOf(group: common.ConfigGroup): [string, common.ConfigGroup][] {
  const groups: [string, common.ConfigGroup][] = [];
  group.getGroupsMap().forEach((each, name) => groups.push([name, each]));
  return groups.sort(([left], [right]) => (left < right ? -1 : 1));
}

const valueOf = (group: common.ConfigGroup, name: string): Uint8Array =>
  group.getValuesMap().get(name)?.getValue_asU8() ?? new Uint8Array();

/** Of the MSP that the channel has for an organisation. */
function rootsOf(organization: common.ConfigGroup): Omit<PinnedOrganization, 'mspId'> {
  const membership = msp.MSPConfig.deserializeBinary(valueOf(organization, 'MSP'));
  const fabric = msp.FabricMSPConfig.deserializeBinary(membership.getConfig_asU8());
  const units = fabric.getFabricNodeOus();
  const certificates = [...fabric.getRootCertsList_asU8(), ...fabric.getIntermediateCertsList_asU8()];
  return {
    rootCertificatesPem: certificates.map((pem) => Buffer.from(pem).toString()),
    ...(units?.getEnable() === true
      ? { peerUnit: units.getPeerOuIdentifier()?.getOrganizationalUnitIdentifier() }
      : {}),
  };
}

const anchorPeersOf = (organization: common.ConfigGroup): string[] =>
  peer.AnchorPeers.deserializeBinary(valueOf(organization, 'AnchorPeers'))
    .getAnchorPeersList()
    .map((each) => `${each.getHost()}:${each.getPort()}`);

function orderingOf(channel: common.ConfigGroup, group: common.ConfigGroup): ChannelOrdering {
  const consensus = orderer.ConsensusType.deserializeBinary(valueOf(group, 'ConsensusType'));
  const type = consensus.getType();
  const places = [
    valueOf(channel, 'OrdererAddresses'),
    ...groupsOf(group).map(([, organization]) => valueOf(organization, 'Endpoints')),
  ];
  const addresses = places.flatMap((place) =>
    common.OrdererAddresses.deserializeBinary(place).getAddressesList(),
  );
  return {
    consensus: type,
    addresses: [...new Set(addresses)],
    consenters: consentersOf(type, consensus.getMetadata_asU8(), group),
  };
}

function consentersOf(type: string, metadata: Uint8Array, group: common.ConfigGroup): number {
  if (type === 'etcdraft')
    return orderer.etcdraft.ConfigMetadata.deserializeBinary(metadata).getConsentersList().length;
  if (type !== 'BFT') return 0;
  return common.Orderers.deserializeBinary(valueOf(group, 'Orderers')).getConsenterMappingList().length;
}
