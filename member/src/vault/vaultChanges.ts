import { X509Certificate } from 'node:crypto';
import type { LoadedVault, VaultGrant } from '@veritrain/client-sdk/vault';
import { readIfThere } from '../home/memberHome.js';
import type { GrantNote } from './grantNote.js';
import type { Member } from '../profile/member.js';

/** What a grant changes of a member's way to the vault, a line each; none where it is a renewal. */
export function vaultChanges(
  { home, market }: Member,
  grant: VaultGrant,
  note: GrantNote | undefined,
  keyFile: string,
): string[] {
  const { vault } = market.profile;
  if (vault.kind === 'filesystem')
    return [
      `The vault was the folder ${vault.path}, and will be the bucket ${grant.bucket} at ${grant.endpoint}.`,
      `Its TLS root will be ${rootOf(grant.rootCertificatePem)}.`,
    ];
  const known = Buffer.from(readIfThere(home.file(keyFile)) ?? '').toString('utf8');
  const isSameKey = known.trim() === grant.marketKey;
  return [...placeChanges(vault, grant, note), ...(isSameKey ? [] : ['The market’s key will be another.'])];
}

function placeChanges(
  vault: Extract<LoadedVault, { kind: 's3' }>,
  grant: VaultGrant,
  note: GrantNote | undefined,
): string[] {
  const facts: [what: string, before: string, after: string][] = [
    ['endpoint', vault.endpoint, grant.endpoint],
    ['bucket', vault.bucket, grant.bucket],
    ['region', vault.region ?? 'none', grant.region ?? 'none'],
    ['path style', String(vault.pathStyle ?? true), String(grant.pathStyle ?? true)],
    ['TLS root', rootOf(vault.tls?.rootCertificatePem), rootOf(grant.rootCertificatePem)],
    ['account', note?.account ?? 'the operator’s', grant.account ?? 'the operator’s'],
  ];
  return facts
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => `The ${what} of the vault was ${before}, and will be ${after}.`);
}

/** A CA's certificate by its fingerprint. */
const rootOf = (pem: string | undefined): string =>
  pem === undefined ? 'one that this machine trusts' : `SHA-256 ${new X509Certificate(pem).fingerprint256}`;
