import { type CertificateAuthority, defaultCaName, type MarketWay } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import type { InitInput } from './initInput.js';

/** What the user said of the way into the market. */
type GivenWay = Pick<
  InitInput,
  'connect' | 'fabric' | 'organization' | 'peer' | 'gateway' | 'channel' | 'chaincode' | 'tlsRoot'
>;

/** The way into the market: from a ledger's connection file, or from a Fabric network's folder. */
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

/** What the user said of the CA. It overrides the way into the market. */
interface GivenAuthority {
  readonly ca?: string | undefined;
  readonly caName?: string | undefined;
}

type AuthorityWay = Pick<MarketWay, 'tls' | 'certificateAuthority'>;

/** The CA of the way into the market, or the one that was given. @throws WRONG_ARGUMENT where there is none */
export function authorityOf(given: GivenAuthority, way: AuthorityWay, domain?: string): CertificateAuthority {
  const authority = knownAuthority(given, way, domain);
  if (authority === undefined) throw memberError('VT9001', 'The connection file names no CA: give --ca.');
  return authority;
}

/** The same; undefined where there is none. */
export function knownAuthority(
  { ca, caName }: GivenAuthority,
  { tls, certificateAuthority }: AuthorityWay,
  domain?: string,
): CertificateAuthority | undefined {
  const url = ca ?? certificateAuthority?.url;
  if (url === undefined) return undefined;
  const usual = domain === undefined ? undefined : defaultCaName(domain);
  const { name = usual, tlsRootPem = tls?.rootCertificatePem } = certificateAuthority ?? {};
  return { url, name: caName ?? name, tlsRootPem };
}

/** Read from a file or the environment, because arguments show in the list of processes; undefined where none is given. */
export async function enrolmentSecret(secretFile: string | undefined): Promise<string | undefined> {
  const { readUserFile } = await import('@veritrain/member/home');
  const secret =
    secretFile === undefined
      ? process.env.VERITRAIN_ENROLMENT_SECRET
      : readUserFile(secretFile, 'secret').trim();
  return secret === '' ? undefined : secret;
}
