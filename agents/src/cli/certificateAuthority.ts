import { AgentsError } from '../actions/agentsError.js';
import type { CertificateAuthority } from '../actions/connectionProfile.js';
import type { MarketWay } from '../actions/marketWay.js';

/** What the user said of the CA, where the way into the market does not say it or says it wrong. */
interface GivenAuthority {
  readonly ca?: string | undefined;
  readonly caName?: string | undefined;
}

/** The CA of the way into the market, or the one that was given. @throws AgentsError WRONG_ARGUMENT where there is none */
export function authorityOf(
  { ca, caName }: GivenAuthority,
  { tls, certificateAuthority }: Pick<MarketWay, 'tls' | 'certificateAuthority'>,
): CertificateAuthority {
  const url = ca ?? certificateAuthority?.url;
  if (url === undefined) throw new AgentsError('VT9001', 'The connection file names no CA: give --ca.');
  return {
    url,
    name: caName ?? certificateAuthority?.name,
    tlsRootPem: certificateAuthority?.tlsRootPem ?? tls?.rootCertificatePem,
  };
}

/** Never an argument: those show in the list of processes. @returns undefined where none was given */
export async function enrolmentSecret(secretFile: string | undefined): Promise<string | undefined> {
  const { readUserFile } = await import('../actions/files.js');
  const secret =
    secretFile === undefined
      ? process.env.VERITRAIN_ENROLMENT_SECRET
      : readUserFile(secretFile, 'secret').trim();
  return secret === '' ? undefined : secret;
}
