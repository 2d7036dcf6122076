import { AgentsError } from '../actions/agentsError.js';
import type { FabricOrganization } from '../actions/fabricOrganization.js';
import type { InitInput } from './initInput.js';

/** The way into the market: a ledger's connection file, or what a Fabric network writes. */
export async function wayOf(given: InitInput): Promise<FabricOrganization> {
  const { connect, fabric } = given;
  if (connect !== undefined && fabric !== undefined) {
    throw new AgentsError('VT9001', 'Give --connect or --fabric, not both.');
  }
  const way = await (fabric === undefined ? ofLedger(given) : ofFabric(given, fabric));
  if (given.tlsRoot === undefined) return way;
  const { readUserFile } = await import('../actions/files.js');
  const rootCertificatePem = readUserFile(given.tlsRoot, 'root certificate');
  return {
    ...way,
    tls: { ...way.tls, rootCertificatePem },
    ...(way.certificateAuthority === undefined
      ? {}
      : { certificateAuthority: { ...way.certificateAuthority, tlsRootPem: rootCertificatePem } }),
  };
}

async function ofLedger({
  connect,
  peer,
  gateway,
  channel,
  chaincode,
}: InitInput): Promise<FabricOrganization> {
  if (connect === undefined) {
    throw new AgentsError('VT9001', 'Say what to connect to: --connect, or --fabric.');
  }
  if (peer !== undefined) throw new AgentsError('VT9001', '--peer goes with --fabric.');
  const { readConnection, tlsOf } = await import('../actions/connectionFile.js');
  const connection = readConnection(connect);
  return {
    connection: {
      ...connection,
      gateway: gateway ?? connection.gateway,
      channel: channel ?? connection.channel,
      chaincode: chaincode ?? connection.chaincode,
    },
    tls: tlsOf(connection),
  };
}

async function ofFabric(given: InitInput, fabric: string): Promise<FabricOrganization> {
  const { readFabricOrganization } = await import('../actions/fabricOrganization.js');
  const { organization, peer, gateway, channel = 'mychannel', chaincode = 'veritrain' } = given;
  return readFabricOrganization({ fabric, organization, peer, gateway, channel, chaincode });
}
