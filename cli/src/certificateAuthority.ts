import { type CertificateAuthority, defaultCaName, type MarketWay } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';

/** What the user said of the CA, where the way into the market does not say it or says it wrong. */
interface GivenAuthority {
  readonly ca?: string | undefined;
  readonly caName?: string | undefined;
}

/** What the way into the market says of its CA. */
type AuthorityWay = Pick<MarketWay, 'tls' | 'certificateAuthority'>;

/** The CA of the way into the market, or the one that was given. @throws WRONG_ARGUMENT where there is none */
export function authorityOf(given: GivenAuthority, way: AuthorityWay, domain?: string): CertificateAuthority {
  const authority = knownAuthority(given, way, domain);
  if (authority === undefined) throw memberError('VT9001', 'The connection file names no CA: give --ca.');
  return authority;
}

/** The same, undefined where there is none. */
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

/** Never an argument: those show in the list of processes. @returns undefined where none was given */
export async function enrolmentSecret(secretFile: string | undefined): Promise<string | undefined> {
  const { readUserFile } = await import('@veritrain/member/home');
  const secret =
    secretFile === undefined
      ? process.env.VERITRAIN_ENROLMENT_SECRET
      : readUserFile(secretFile, 'secret').trim();
  return secret === '' ? undefined : secret;
}
