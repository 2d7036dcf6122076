import type { MarketWay } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import type { InitInput } from './initInput.js';

/** Which way into the market is meant. */
export type GivenWay = Pick<
  InitInput,
  'connect' | 'fabric' | 'organization' | 'peer' | 'gateway' | 'channel' | 'chaincode' | 'tlsRoot'
>;

/** The way into the market: a ledger's connection file, or what a Fabric network writes. */
export async function wayOf(given: GivenWay): Promise<MarketWay> {
  const { connect, fabric } = given;
  if (connect !== undefined && fabric !== undefined) {
    throw memberError('VT9001', 'Give --connect or --fabric, not both.');
  }
  const way = await (fabric === undefined ? ofLedger(given) : ofFabric(given, fabric));
  if (given.tlsRoot === undefined) return way;
  const { readUserFile } = await import('@veritrain/member/home');
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
  organization,
  peer,
  gateway,
  channel,
  chaincode,
}: GivenWay): Promise<MarketWay> {
  if (connect === undefined) {
    throw memberError('VT9001', 'Say what to connect to: --connect, or --fabric.');
  }
  if (peer !== undefined) throw memberError('VT9001', '--peer goes with --fabric.');
  const { readMarketWay } = await import('@veritrain/member/enrolment');
  const way = readMarketWay(connect, organization);
  return {
    ...way,
    connection: {
      ...way.connection,
      gateway: gateway ?? way.connection.gateway,
      channel: channel ?? way.connection.channel,
      chaincode: chaincode ?? way.connection.chaincode,
    },
  };
}

async function ofFabric(given: GivenWay, fabric: string): Promise<MarketWay> {
  const { readFabricOrganization } = await import('@veritrain/member/enrolment');
  const { organization, peer, gateway, channel = 'mychannel', chaincode = 'veritrain' } = given;
  return readFabricOrganization({ fabric, organization, peer, gateway, channel, chaincode });
}
