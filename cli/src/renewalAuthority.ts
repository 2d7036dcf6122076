import type { LoadedProfile } from '@veritrain/client-sdk';
import {
  type CertificateAuthority,
  domainOf,
  type MarketEndpoint,
  readConnection,
} from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import { readUserFile } from '@veritrain/member/home';
import { authorityOf, endpointOf } from './marketEndpoint.js';
import type { RenewInput } from './participantRenew.js';

/** The CA of the profile's organisation. @throws WRONG_ARGUMENT, FILE_MISSING, FILE_INVALID, IDENTITY_MISSING */
export async function caOf(given: RenewInput, profile: LoadedProfile): Promise<CertificateAuthority> {
  const organization = given.organization ?? domainAmong(given, profile.mspId);
  return authorityOf(given, await renewalEndpoint({ ...given, organization }, profile), organization);
}

async function renewalEndpoint(
  given: RenewInput,
  { certificateAuthority }: LoadedProfile,
): Promise<Pick<MarketEndpoint, 'tls' | 'certificateAuthority'>> {
  const { connect, fabric, ca, tlsRoot } = given;
  if (connect !== undefined || fabric !== undefined) return endpointOf(given);
  const authority = ca === undefined ? certificateAuthority : { url: ca };
  if (authority === undefined) {
    throw memberError('VT9001', 'The profile names no CA: give --connect, --fabric or --ca.');
  }
  if (tlsRoot === undefined) return { certificateAuthority: authority };
  return { certificateAuthority: { ...authority, tlsRootPem: readUserFile(tlsRoot, 'root certificate') } };
}

/** The organisation with this MSP id, of those that the network's folder describes. */
function domainAmong({ connect, fabric }: RenewInput, mspId: string): string | undefined {
  // Standard input can be read only once.
  if (connect === undefined || connect === '-') return domainOf(fabric, mspId);
  return domainOf(readConnection(connect).organizations, mspId);
}
