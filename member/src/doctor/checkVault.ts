import { isVeritrainError, type Market } from '@veritrain/client-sdk';
import { digestOf, type LoadedVault, newHandle } from '@veritrain/client-sdk/vault';
import type { MemberHome } from '../home/memberHome.js';
import { readGrantNote } from '../vault/vaultUse.js';
import { check, skipped, type Check, type Found } from './check.js';

type S3 = Extract<LoadedVault, { kind: 's3' }>;

/** Checks that the vault stores and returns objects; on S3 also the credentials, policy, account and bucket. */
export async function checkVault(market: Market, home: MemberHome): Promise<Check[]> {
  const { vault } = market.profile;
  const works = await check('vault', () => useVault(market));
  if (vault.kind === 'filesystem') return [works];
  const names = ['vault credentials', 'vault policy', 'vault account', 'vault bucket'] as const;
  const credentials = await check(names[0], () => checkCredentials(home));
  if (works.state !== 'passed')
    return [works, credentials, ...skipped('the vault must work first', ...names.slice(1))];
  return [
    works,
    credentials,
    await check(names[1], () => checkPolicy(vault)),
    await check(names[2], () => checkAccount(vault, home)),
    await check(names[3], () => checkBucket(vault)),
  ];
}

/** Stores an object for a moment. Endpoint, clock, credentials and bucket fail with different codes. */
async function useVault({ vault, handles, participantId, profile }: Market): Promise<Found> {
  await requireAnswer(profile.vault);
  const content = Buffer.from(`veritrain doctor ${Date.now()}`);
  const handle = handles.own(newHandle(), { to: participantId ?? '', brief: true });
  await vault.put(content, { handle });
  await vault.get(handle, { digest: digestOf(content) });
  await vault.delete(handle);
  return `stores and returns objects, ${locationOf(profile.vault)}`;
}

const locationOf = (vault: LoadedVault): string =>
  vault.kind === 'filesystem' ? `in ${vault.path}` : `in the bucket ${vault.bucket} at ${vault.endpoint}`;

/** An agent waits for a server that is down; a check has to fail soon. */
async function requireAnswer(vault: LoadedVault): Promise<void> {
  if (vault.kind === 'filesystem') return;
  const { s3Vault } = await import('@veritrain/client-sdk/s3');
  await s3Vault({ ...vault, timing: { retryForMs: 2_000 } }).has(newHandle());
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function checkCredentials(home: MemberHome): Found {
  const expiresAt = readGrantNote(home)?.expiresAt;
  if (expiresAt === undefined) return 'not from a grant';
  if (expiresAt === null) return 'granted without an end';
  const fix =
    'Ask the operator of the vault for a new grant (`veritrain vault init`) and take it: `veritrain vault use`.';
  const leftMs = expiresAt - Date.now();
  if (leftMs <= 0)
    return { found: `the grant ended on ${new Date(expiresAt).toISOString().slice(0, 16)}`, fix };
  if (leftMs < hourMs) return { found: `the grant ends in ${Math.ceil(leftMs / 60_000)} minutes`, fix };
  const [count, unit] = leftMs < 2 * dayMs ? [leftMs / hourMs, 'hours'] : [leftMs / dayMs, 'days'];
  return `granted for another ${Math.floor(count)} ${unit}`;
}

/** A member may list its own names only: the server must refuse to list all of them. */
async function checkPolicy(vault: S3): Promise<Found> {
  const { s3Vault } = await import('@veritrain/client-sdk/s3');
  try {
    await s3Vault(vault).list('')[Symbol.asyncIterator]().next();
  } catch (error) {
    if (isVeritrainError(error, 'VT8213')) return 'the server refuses to list other members’ names';
    throw error;
  }
  return {
    found: 'these credentials list the names of all members',
    fix: 'Take a grant that was made for this profile: `veritrain vault use`.',
  };
}

/** Which account the credentials belong to: an account can end all credentials that were made for it. */
async function checkAccount(vault: S3, home: MemberHome): Promise<Found> {
  const { adminAccount } = await import('@veritrain/client-sdk/s3');
  const account = await adminAccount(vault);
  if (account === undefined) return 'the server’s admin interface is closed to these credentials';
  const note = readGrantNote(home);
  if (note === undefined) return `they belong to the account ${account}`;
  if (note.account === account) return 'this member’s own account';
  return {
    found:
      'all members’ credentials belong to one account: any member can end all of them at the admin interface',
    fix: 'The operator of the vault has to grant again (`veritrain vault init`) as an administrator of the server, or block `/minio/` in front of it.',
  };
}

async function checkBucket(vault: S3): Promise<Found> {
  const { inspectBucket } = await import('@veritrain/client-sdk/s3');
  const { keepsVersions, expireBriefDays } = await inspectBucket(vault);
  if (keepsVersions)
    return {
      found: 'the bucket keeps versions: deleted and expired objects stay on the server',
      fix: 'The operator of the vault has to suspend versioning, or let older versions expire.',
    };
  if (expireBriefDays === undefined)
    return {
      found: 'nothing expires: updates and models of rounds stay where no agent deletes them',
      fix: 'The operator of the vault has to run `veritrain vault init` again.',
    };
  return `keeps no versions; objects of rounds expire after ${expireBriefDays} days`;
}
