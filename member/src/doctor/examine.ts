import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { connectMarket, type LoadedProfile, loadProfile, type Market } from '@veritrain/client-sdk';
import { checkIdentity } from '@veritrain/client-sdk/fabric';
import { openKeyring } from '@veritrain/client-sdk/keys';
import { z } from 'zod';
import type { ActionContext } from '../calls/action.js';
import { MemberHome } from '../home/memberHome.js';
import { profileFolder } from '../profile/member.js';
import { readProfileFile } from '../profile/profileFile.js';
import { check, type Check, type Found, skipped } from './check.js';
import { checkLedger, ledgerChecks } from './checkLedger.js';
import { checkVault } from './checkVault.js';

/** Checks everything that a member needs, down to the network. Changes nothing but a test object in the vault. */
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
  const files = await checkFiles(profile, home);
  return [versions, read, ...files, ...(await checkMarket(home, profile, files, context))];
}

async function checkMarket(
  home: MemberHome,
  profile: LoadedProfile,
  files: readonly Check[],
  context: ActionContext,
): Promise<Check[]> {
  const works = (name: string): boolean => files.some((one) => one.name === name && one.state === 'passed');
  if (!works('identity')) return skipped('the identity must be valid first', 'vault', ...ledgerChecks);
  const passphrase = process.env.VERITRAIN_PASSPHRASE;
  let market: Market | undefined;
  const opened = await check('vault', async () => {
    market = await connectMarket({
      profile: home.profilePath,
      timing: { connectMs: 3_000 },
      ...(passphrase === undefined || !works('keyring') ? {} : { passphrase }),
    });
    return 'its key can be read';
  });
  if (market === undefined)
    return [opened, ...skipped('the vault’s key must be readable first', ...ledgerChecks)];
  try {
    const ledger = await checkLedger(market, profile, works('keyring'), context);
    return [...(await checkVault(market, home)), ...ledger];
  } finally {
    market.close();
  }
}

async function checkFiles(profile: LoadedProfile, home: MemberHome): Promise<Check[]> {
  const passphrase = process.env.VERITRAIN_PASSPHRASE;
  return [
    await check('identity', () => checkCertificate(profile)),
    await check('key file', () => {
      const path = privateKeyPath(home);
      if (path === undefined) return 'inside the profile';
      const mode = statSync(path).mode & 0o777;
      if ((mode & 0o077) === 0) return 'readable by its owner only';
      return { found: `others may read it (mode ${mode.toString(8)})`, fix: `chmod 600 ${path}` };
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

function privateKeyPath(home: MemberHome): string | undefined {
  const { privateKey } = readProfileFile(home);
  return 'path' in privateKey ? resolve(home.folder, privateKey.path) : undefined;
}

const dayMs = 86_400_000;

/** Mention the end of a certificate that is closer than this. */
const soonDays = 30;

function checkCertificate(profile: LoadedProfile): Found {
  checkIdentity(profile);
  const certificate = new X509Certificate(profile.certificatePem);
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const until = new Date(to).toISOString().slice(0, 10);
  if (Date.now() < from) {
    return { found: 'the certificate is not valid yet', fix: 'Set the clock of this machine right (NTP).' };
  }
  if (Date.now() > to)
    return {
      found: `the certificate ended on ${until}`,
      fix: 'Enrol again with the CA under the same name: veritrain participant renew --secret-file <file>',
    };
  const days = Math.floor((to - Date.now()) / dayMs);
  const soon = days < soonDays ? '; veritrain participant renew extends it' : '';
  return `${profile.mspId}, valid until ${until} (${days} days)${soon}`;
}

const require = createRequire(import.meta.url);
const described = z.object({ version: z.string() });
const versionOf = (name: string): string => described.parse(require(`${name}/package.json`)).version;

const minNode = [22, 12] as const;

/** Whether Node is recent enough, and all packages of the project have the same version. */
function checkVersions(): string | { found: string; fix: string } {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const node = `Node ${process.versions.node}`;
  if (major < minNode[0] || (major === minNode[0] && minor < minNode[1])) {
    return { found: node, fix: `Use Node ${minNode.join('.')} or later.` };
  }
  const own = described.parse(require('../../package.json')).version;
  const others = ['@veritrain/client-sdk', '@veritrain/training'].filter((name) => versionOf(name) !== own);
  if (others.length === 0) return `Veritrain ${own}, ${node}`;
  return {
    found: `Veritrain ${own} beside another ${others.join(', ')}`,
    fix: 'Install all packages in the same version.',
  };
}
