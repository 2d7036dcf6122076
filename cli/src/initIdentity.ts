import { type Credentials, type MarketEndpoint, onlyDomain } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import { authorityOf, enrolmentSecret } from './marketEndpoint.js';
import type { InitInput } from './initInput.js';

/** Certificate and key, from the one place that was named. */
export function credentialsOf(given: InitInput, endpoint: MarketEndpoint): Promise<Credentials> {
  const { user, wallet, enrol } = given;
  if (given.registrar !== undefined && !given.register) {
    throw memberError('VT9001', '--registrar goes with --register.');
  }
  const places = [user, wallet, enrol ?? (given.register || undefined)];
  if (places.filter((place) => place !== undefined).length !== 1) {
    throw memberError(
      'VT9001',
      'Say where the identity comes from: --user, --wallet or --enrol, one of them.',
    );
  }
  if (wallet !== undefined) return ofWallet(given, wallet);
  return user === undefined ? enrolled(given, endpoint) : ofUser(given, user, endpoint);
}

async function ofWallet({ identity }: InitInput, wallet: string): Promise<Credentials> {
  const { readWalletIdentity } = await import('@veritrain/member/enrolment');
  return readWalletIdentity(wallet, identity);
}

async function ofUser(given: InitInput, user: string, endpoint: MarketEndpoint): Promise<Credentials> {
  const { readMspUser } = await import('@veritrain/member/enrolment');
  const organizations = given.organizations ?? endpoint.connection.organizations;
  if (organizations === undefined) {
    throw memberError('VT9001', 'The connection file names no organisations folder: give --organizations.');
  }
  const organization = organizationOf(given, endpoint);
  return readMspUser({ organizations, organization, user, mspId: given.mspId ?? endpoint.mspId });
}

async function enrolled(given: InitInput, endpoint: MarketEndpoint): Promise<Credentials> {
  const { enrolMember, randomEnrolmentId } = await import('@veritrain/member/enrolment');
  return enrolMember({
    ...caOf(given, endpoint),
    organization: organizationOf(given, endpoint),
    mspId: given.mspId ?? endpoint.mspId,
    // Random by default, because the name stands in the certificate of every transaction.
    enrolmentId: given.enrol ?? randomEnrolmentId(),
    ...(given.register
      ? { registrar: await registrarIn(given, endpoint) }
      : { secret: await secretOf(given) }),
    attributes: given.role === undefined ? {} : { 'veritrain.roles': given.role.join(' ') },
  });
}

/** The registrar that was named, or the one that a development ledger names. */
async function registrarIn(
  given: InitInput,
  endpoint: MarketEndpoint,
): Promise<{ enrolmentId: string; secret: string }> {
  if (given.registrar !== undefined) return { enrolmentId: given.registrar, secret: await secretOf(given) };
  const { registrarOf } = await import('@veritrain/member/enrolment');
  return registrarOf(endpoint.connection);
}

function organizationOf(given: InitInput, endpoint: MarketEndpoint): string {
  const organization = given.organization ?? endpoint.organization ?? onlyDomain(given.organizations);
  if (organization !== undefined) return organization;
  throw memberError('VT9001', 'Say which organisation: --organization, such as org1.example.com.');
}

function caOf(
  given: InitInput,
  endpoint: MarketEndpoint,
): { url: string; caName?: string | undefined; tlsRootPem?: string | undefined } {
  const { name, ...ca } = authorityOf(given, endpoint);
  return { ...ca, caName: name };
}

async function secretOf({ registrar, secretFile }: InitInput): Promise<string> {
  const secret = await enrolmentSecret(secretFile);
  if (secret !== undefined) return secret;
  const which = registrar === undefined ? 'the secret that the registrar gave' : `the secret of ${registrar}`;
  throw memberError('VT9001', `Enrolling takes ${which}.`, {
    hint: 'Give --secret-file or VERITRAIN_ENROLMENT_SECRET; in a development market --register does without.',
  });
}
