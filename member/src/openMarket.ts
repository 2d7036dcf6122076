import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVeritrainError, type MarketSettings } from '@veritrain/client-sdk';
import type { ActionContext } from './calls/context.js';
import { ask, submit } from './calls/submit.js';
import { readConnection } from './enrolment/connectionFile.js';
import { createProfile } from './enrolment/createProfile.js';
import { defaultMspId, domainsIn, readMspUser } from './enrolment/mspUser.js';
import { readMarketWay } from './enrolment/readMarketWay.js';
import { memberError } from './errors/memberError.js';
import { openMember, type Member } from './profile/member.js';

export interface OpenMarketInput {
  /** Folder of an embedded ledger or of a `veritrain network`, whose organisations' administrators it holds. */
  readonly ledger: string;
  /** In place of those that suit a market on one machine: a tick every half second at most, and what follows from it. */
  readonly settings?: Partial<MarketSettings> | undefined;
}

const defaultTickPeriodMs = 500;

/** The closest settings that a tick's period allows. */
const settingsAt = (tickPeriodMs: number): Omit<MarketSettings, 'votingOrganizations'> => ({
  tickPeriodMs,
  windowMs: Math.floor(tickPeriodMs / 2),
  leastDeadlineMs: 20 * tickPeriodMs,
  mostDeadlineMs: 86_400_000,
  leastReplicas: 1,
  rolesFromAttributes: false,
  companyTagRequired: false,
});

/**
 * Opens a market on a network whose folder holds the administrators of all organisations, as those for development do: each
 * of them confirms the same settings. A market that is open already stays as it is, unless other settings are given.
 *
 * @throws WRONG_ARGUMENT for a folder without organisations; CONFLICT where the market has other settings than those given
 */
export async function openMarket(
  { ledger, settings }: OpenMarketInput,
  context: ActionContext = {},
): Promise<void> {
  const { organizations } = readConnection(ledger);
  const domains = organizations === undefined ? [] : domainsIn(organizations);
  if (organizations === undefined || domains.length === 0)
    throw memberError('VT9001', `${ledger} holds no organisations, and so no administrator.`, {
      facts: { ledger },
      hint: 'Open the market as the administrators of its organisations: `veritrain market configure`.',
    });
  const wanted = {
    ...settingsAt(settings?.tickPeriodMs ?? defaultTickPeriodMs),
    votingOrganizations: domains.map(defaultMspId),
    ...settings,
  };
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-operators-'));
  try {
    // One after the other: each reads what the others have confirmed.
    for (const domain of domains)
      await asAdministrator({ ledger, organizations, domain, folder }, async (administrator) => {
        if (settings === undefined && (await isOpen(administrator, context))) return;
        await submit(administrator, 'ConfigureMarket', wanted, context);
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isOpen(administrator: Member, context: ActionContext): Promise<boolean> {
  try {
    await ask(administrator, 'GetConfig', {}, context);
    return true;
  } catch (error) {
    if (isVeritrainError(error, 'MARKET_NOT_CONFIGURED')) return false;
    throw error;
  }
}

interface Office {
  readonly ledger: string;
  readonly organizations: string;
  readonly domain: string;
  /** Holds its profile for as long as it is needed. */
  readonly folder: string;
}

async function asAdministrator(
  { ledger, organizations, domain, folder }: Office,
  work: (administrator: Member) => Promise<void>,
): Promise<void> {
  const { connection, tls } = readMarketWay(ledger, domain);
  const home = await createProfile({
    name: 'operator',
    folder: join(folder, domain),
    connection,
    tls,
    credentials: readMspUser({ organizations, organization: domain, user: 'Admin' }),
    vault: join(folder, 'vault'),
  });
  const administrator = await openMember(home.folder, undefined, null);
  try {
    await work(administrator);
  } finally {
    administrator.close();
  }
}
