import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVeritrainError, type MarketSettings } from '@veritrain/client-sdk';
import { type ActionContext, ask, submit } from './calls/action.js';
import { readConnection } from './enrolment/connectionFile.js';
import { createProfile } from './enrolment/createProfile.js';
import { readMarketEndpoint } from './enrolment/marketEndpoint.js';
import { defaultMspId, domainsIn, readMspUser } from './enrolment/mspUser.js';
import { memberError } from './errors/memberError.js';
import { openMember, type Member } from './profile/member.js';

/** What `openMarket` needs. */
export interface OpenMarketInput {
  /** Folder of an embedded ledger or a `veritrain network`, with the administrators of its organisations. */
  readonly ledger: string;
  /** Replace the defaults, which suit a market on one machine: at most a tick every half second, and tight deadlines. */
  readonly settings?: Partial<MarketSettings> | undefined;
}

const defaultTickPeriodMs = 500;

/** The shortest times that a tick's period allows. */
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
 * Opens a market on a network for development, whose folder holds the administrators of all organisations: each of them
 * confirms the same settings. An open market stays as it is, unless other settings are given.
 *
 * @throws WRONG_ARGUMENT for a folder without organisations; CONFLICT if the market has other settings than those given
 */
export async function openMarket(
  { ledger, settings }: OpenMarketInput,
  context: ActionContext = {},
): Promise<void> {
  const { organizations } = readConnection(ledger);
  const domains = organizations === undefined ? [] : domainsIn(organizations);
  if (organizations === undefined || domains.length === 0)
    throw memberError('VT9001', `${ledger} holds no organisations, and so no administrators.`, {
      facts: { ledger },
      hint: 'Open the market as the administrator of each organisation: `veritrain market configure`.',
    });
  const wanted = {
    ...settingsAt(settings?.tickPeriodMs ?? defaultTickPeriodMs),
    votingOrganizations: domains.map(defaultMspId),
    ...settings,
  };
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-operators-'));
  try {
    // In sequence: each reads the earlier confirmations.
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
  /** Holds the administrators' profiles for the time of the call. */
  readonly folder: string;
}

async function asAdministrator(
  { ledger, organizations, domain, folder }: Office,
  work: (administrator: Member) => Promise<void>,
): Promise<void> {
  const { connection, tls } = readMarketEndpoint(ledger, domain);
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
