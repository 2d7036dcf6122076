import { type CertificateAuthority, defaultCaName, type MarketEndpoint } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import type { InitInput } from './initInput.js';

/** What the user said of the market's endpoint. */
type GivenEndpoint = Pick<
  InitInput,
  'connect' | 'fabric' | 'organization' | 'peer' | 'gateway' | 'channel' | 'chaincode' | 'tlsRoot'
>;

/** The market's endpoint: from a ledger's connection file, or from a Fabric network's folder. */
export async function endpointOf(given: GivenEndpoint): Promise<MarketEndpoint> {
  const { connect, fabric } = given;
  if (connect !== undefined && fabric !== undefined) {
    throw memberError('VT9001', 'Give --connect or --fabric, not both.');
  }
  const endpoint = await (fabric === undefined ? ofLedger(given) : ofFabric(given, fabric));
  if (given.tlsRoot === undefined) return endpoint;
  const { readUserFile } = await import('@veritrain/member/home');
  const rootCertificatePem = readUserFile(given.tlsRoot, 'root certificate');
  return {
    ...endpoint,
    tls: { ...endpoint.tls, rootCertificatePem },
    ...(endpoint.certificateAuthority === undefined
      ? {}
      : { certificateAuthority: { ...endpoint.certificateAuthority, tlsRootPem: rootCertificatePem } }),
  };
}

async function ofLedger({
  connect,
  organization,
  peer,
  gateway,
  channel,
  chaincode,
}: GivenEndpoint): Promise<MarketEndpoint> {
  if (connect === undefined) {
    throw memberError('VT9001', 'Say what to connect to: --connect, or --fabric.');
  }
  if (peer !== undefined) throw memberError('VT9001', '--peer goes with --fabric.');
  const { readMarketEndpoint } = await import('@veritrain/member/enrolment');
  const endpoint = readMarketEndpoint(connect, organization);
  return {
    ...endpoint,
    connection: {
      ...endpoint.connection,
      gateway: gateway ?? endpoint.connection.gateway,
      channel: channel ?? endpoint.connection.channel,
      chaincode: chaincode ?? endpoint.connection.chaincode,
    },
  };
}

async function ofFabric(given: GivenEndpoint, fabric: string): Promise<MarketEndpoint> {
  const { readFabricOrganization } = await import('@veritrain/member/enrolment');
  const { organization, peer, gateway, channel = 'mychannel', chaincode = 'veritrain' } = given;
  return readFabricOrganization({ fabric, organization, peer, gateway, channel, chaincode });
}

/** What the user said of the CA. It overrides the one of the market's endpoint. */
interface GivenAuthority {
  readonly ca?: string | undefined;
  readonly caName?: string | undefined;
}

type AuthorityEndpoint = Pick<MarketEndpoint, 'tls' | 'certificateAuthority'>;

/** The CA of the market's endpoint, or the one that was given. @throws WRONG_ARGUMENT where there is none */
export function authorityOf(
  given: GivenAuthority,
  endpoint: AuthorityEndpoint,
  domain?: string,
): CertificateAuthority {
  const authority = knownAuthority(given, endpoint, domain);
  if (authority === undefined) throw memberError('VT9001', 'The connection file names no CA: give --ca.');
  return authority;
}

/** The same; undefined where there is none. */
export function knownAuthority(
  { ca, caName }: GivenAuthority,
  { tls, certificateAuthority }: AuthorityEndpoint,
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
