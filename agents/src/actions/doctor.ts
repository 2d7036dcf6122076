import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  connectMarket,
  digestOf,
  loadProfile,
  openKeyring,
  type LoadedProfile,
  type Market,
} from '@veritrain/client-sdk';
import { MemberHome } from '../runtime/memberHome.js';
import type { ActionContext } from './context.js';
import { profileFolder } from './member.js';
import { checkVersions } from './versions.js';

export interface Check {
  name: string;
  state: 'passed' | 'failed' | 'skipped';
  found: string;
  /** What to do about a failure. */
  fix?: string;
}

type Found = string | { found: string; fix: string; state?: Check['state'] };

/** Runs one check; an error's own hint is the fix. */
async function check(name: string, look: () => Promise<Found> | Found): Promise<Check> {
  try {
    const found = await look();
    return typeof found === 'string' ? { name, state: 'passed', found } : { name, state: 'failed', ...found };
  } catch (error) {
    const { message, hint } = error as { message?: unknown; hint?: unknown };
    return {
      name,
      state: 'failed',
      found: typeof message === 'string' ? message : 'it cannot be read',
      ...(typeof hint === 'string' ? { fix: hint } : {}),
    };
  }
}

/** Looks over everything that a member needs. Nothing is changed; the vault gets a test object for a moment. */
export async function examine(reference: string | undefined, context: ActionContext): Promise<Check[]> {
  const versions = await check('versions', checkVersions);
  let profile: LoadedProfile | undefined;
  let home: MemberHome | undefined;
  const read = await check('profile', () => {
    home = new MemberHome(profileFolder(reference));
    profile = loadProfile(home.profilePath);
    return `${profile.name} in ${home.folder}`;
  });
  if (profile === undefined || home === undefined) return [versions, read];
  const checks = [versions, read, ...(await checkFiles(profile, home))];
  const passphrase = process.env.VERITRAIN_PASSPHRASE;
  const market = await connectMarket({
    profile: home.profilePath,
    timing: { connectMs: 3_000 },
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  try {
    return [...checks, await checkVault(market), ...(await checkLedger(market, profile, context))];
  } finally {
    market.close();
  }
}

async function checkFiles(profile: LoadedProfile, home: MemberHome): Promise<Check[]> {
  const passphrase = process.env.VERITRAIN_PASSPHRASE;
  return [
    await check('identity', () => checkCertificate(profile)),
    await check('key file', () => {
      const mode = statSync(home.keyPath).mode & 0o777;
      if ((mode & 0o077) === 0) return `readable by its owner only`;
      return { found: `others may read it (mode ${mode.toString(8)})`, fix: `chmod 600 ${home.keyPath}` };
    }),
    await check('keyring', async () => {
      const { path, keyFile } = profile.keyring;
      if (keyFile === undefined && passphrase === undefined) {
        return { found: 'it is locked with a passphrase', fix: 'Set VERITRAIN_PASSPHRASE.' };
      }
      await openKeyring({
        path,
        ...(keyFile === undefined ? { passphrase: passphrase ?? '' } : { keyFile }),
      });
      return keyFile === undefined ? 'opens with VERITRAIN_PASSPHRASE' : 'opens with its key file';
    }),
  ];
}

const dayMs = 86_400_000;

function checkCertificate(profile: LoadedProfile): Found {
  const certificate = new X509Certificate(profile.certificatePem);
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const until = new Date(to).toISOString().slice(0, 10);
  if (Date.now() < from) {
    return { found: 'the certificate is not valid yet', fix: 'Set the clock of this machine right.' };
  }
  if (Date.now() > to) return { found: `the certificate ended on ${until}`, fix: 'Enrol again with the CA.' };
  const days = Math.floor((to - Date.now()) / dayMs);
  return `${profile.mspId}, valid until ${until} (${days} days)`;
}

function checkVault(market: Market): Promise<Check> {
  return check('vault', async () => {
    const content = Buffer.from(`veritrain doctor ${Date.now()}`);
    const { handle } = await market.vault.put(content);
    await market.vault.get(handle, { digest: digestOf(content) });
    await market.vault.delete(handle);
    return `takes and gives back objects, in ${market.profile.vault.path}`;
  });
}

async function checkLedger(
  market: Market,
  profile: LoadedProfile,
  { signal }: ActionContext,
): Promise<Check[]> {
  const startedAt = performance.now();
  const peer = await check('peer', async () => {
    await market.participants.whoAmI({}, { signal });
    const ms = Math.round(performance.now() - startedAt);
    return `${profile.gateway.address} answers as ${profile.channel}/${profile.chaincode} after ${ms} ms`;
  });
  if (peer.state === 'failed') return [peer, ...skipped('no peer to ask', 'market', 'clock', 'participant')];
  const config = await check('market', async () => {
    const { version, development } = await market.config.get({}, { signal });
    return `configuration ${version}${development ? ', a development market' : ''}`;
  });
  if (config.state === 'failed') return [peer, config, ...skipped('no market yet', 'clock', 'participant')];
  return [
    peer,
    config,
    await check('clock', () => checkClock(market, signal)),
    await check('participant', () => checkParticipant(market, signal)),
  ];
}

const skipped = (found: string, ...names: string[]): Check[] =>
  names.map((name) => ({ name, state: 'skipped', found }));

async function checkClock(market: Market, signal: AbortSignal | undefined): Promise<Found> {
  const { settings } = await market.config.get({}, { signal });
  const { sequence, time } = await market.clock.get({}, { signal });
  if (sequence === 0) return 'the market has not ticked yet; agents tick while they wait';
  const behindMs = time - Date.now();
  if (behindMs > settings.windowMs) {
    return {
      found: `this machine is ${Math.round(behindMs)} ms behind the market's clock`,
      fix: 'Set the clock of this machine right (NTP): its ticks and transactions would be refused.',
    };
  }
  return `not behind the market's last tick, ${new Date(time).toISOString()}`;
}

async function checkParticipant(market: Market, signal: AbortSignal | undefined): Promise<Found> {
  const { participant } = await market.participants.whoAmI({}, { signal });
  if (participant === null) {
    return {
      state: 'skipped',
      found: 'not registered; administrators need not be, members do',
      fix: 'veritrain participant register --role <role>',
    };
  }
  const { signingKey, encryptionKey } = market.keyring;
  const same = participant.signingKey.x === signingKey.x && participant.encryptionKey.x === encryptionKey.x;
  if (same) return `${participant.participantId}, ${participant.roles.join(', ')}`;
  return {
    found: `${participant.participantId} is registered with other keys than this keyring's`,
    fix: 'Use the keyring that the participant was registered with; its keys cannot be changed.',
  };
}
