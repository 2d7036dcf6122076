import { isVeritrainError, type Market } from '@veritrain/client-sdk';
import { digestOf, type LoadedVault, newHandle } from '@veritrain/client-sdk/vault';
import type { MemberHome } from '../home/memberHome.js';
import { readGrantNote } from '../vault/grantNote.js';
import { check, skipped, type Check, type Found } from './check.js';

type S3 = Extract<LoadedVault, { kind: 's3' }>;

/** That the vault takes and gives objects; of an S3 also who sees what there, and how the bucket is kept. */
export async function checkVault(market: Market, home: MemberHome): Promise<Check[]> {
  const { vault } = market.profile;
  const works = await check('vault', () => useVault(market));
  if (vault.kind === 'filesystem') return [works];
  const names = ['vault credentials', 'vault policy', 'vault account', 'vault bucket'] as const;
  const credentials = await check(names[0], () => checkCredentials(home));
  if (works.state !== 'passed')
    return [works, credentials, ...skipped('the vault comes first', ...names.slice(1))];
  return [
    works,
    credentials,
    await check(names[1], () => checkPolicy(vault)),
    await check(names[2], () => checkAccount(vault, home)),
    await check(names[3], () => checkBucket(vault)),
  ];
}

const placeOf = (vault: LoadedVault): string =>
  vault.kind === 'filesystem' ? `in ${vault.path}` : `in the bucket ${vault.bucket} at ${vault.endpoint}`;

/** Stores an object for a moment. Endpoint, clock, credentials and bucket each fail with a code of their own. */
async function useVault({ vault, handles, participantId, profile }: Market): Promise<Found> {
  await requireAnswer(profile.vault);
  const content = Buffer.from(`veritrain doctor ${Date.now()}`);
  const handle = handles.own(newHandle(), { to: participantId ?? '', brief: true });
  await vault.put(content, { handle });
  await vault.get(handle, { digest: digestOf(content) });
  await vault.delete(handle);
  return `takes and gives back objects, ${placeOf(profile.vault)}`;
}

/** Agents wait for a server that is gone; whoever asks a doctor wants to know now. */
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
  if (expiresAt === null) return 'granted until they are withdrawn';
  const fix =
    'Ask who runs the vault for a new grant (`veritrain vault init`) and take it: `veritrain vault use`.';
  const leftMs = expiresAt - Date.now();
  if (leftMs <= 0)
    return { found: `the grant ended on ${new Date(expiresAt).toISOString().slice(0, 16)}`, fix };
  if (leftMs < hourMs) return { found: `the grant ends in ${Math.ceil(leftMs / 60_000)} minutes`, fix };
  const [count, unit] = leftMs < 2 * dayMs ? [leftMs / hourMs, 'hours'] : [leftMs / dayMs, 'days'];
  return `granted for another ${Math.floor(count)} ${unit}`;
}

/** A member lists its own names alone: the server must refuse to list everybody's. */
async function checkPolicy(vault: S3): Promise<Found> {
  const { s3Vault } = await import('@veritrain/client-sdk/s3');
  try {
    await s3Vault(vault).list('')[Symbol.asyncIterator]().next();
  } catch (error) {
    if (isVeritrainError(error, 'VT8213')) return 'a place of its own; others’ names are refused';
    throw error;
  }
  return {
    found: 'these credentials list everybody’s names',
    fix: 'Take a grant of this profile’s own: `veritrain vault use`.',
  };
}

/** Asks the server whose the credentials are, and changes nothing: what an account has been given, it can also end. */
async function checkAccount(vault: S3, home: MemberHome): Promise<Found> {
  const { adminAccount } = await import('@veritrain/client-sdk/s3');
  const account = await adminAccount(vault);
  if (account === undefined) return 'the server’s admin interface is closed to these credentials';
  const note = readGrantNote(home);
  if (note === undefined) return `they are of the account ${account}`;
  if (note.account === account) return 'an account of its own';
  return {
    found:
      'all members’ credentials are of one account: each of them can end everybody’s at the admin interface',
    fix: 'Whoever runs the vault grants again (`veritrain vault init`) as an administrator of the server, or refuses `/minio/` in front of it.',
  };
}

async function checkBucket(vault: S3): Promise<Found> {
  const { inspectBucket } = await import('@veritrain/client-sdk/s3');
  const { keepsVersions, expireBriefDays } = await inspectBucket(vault);
  if (keepsVersions)
    return {
      found: 'the bucket keeps versions: what is deleted or expires stays on the server',
      fix: 'Whoever runs the vault suspends versioning, or lets older versions expire.',
    };
  if (expireBriefDays === undefined)
    return {
      found: 'nothing expires: updates and models of rounds stay where no agent deletes them',
      fix: 'Whoever runs the vault calls `veritrain vault init` again.',
    };
  return `no versions stay; what rounds needed expires after ${expireBriefDays} days`;
}
