import {
  checkSettings,
  ContractError,
  type ConfigConfirmation,
  type MarketConfig,
  type MarketOpening,
  type MarketSettings,
  type OutputOf,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { requireAdministrator, writeConfig } from './configRecord.js';

/**
 * Records one organisation's confirmation of a configuration. The configuration holds once each organisation that it
 * names has confirmed it. Each confirmation has its own key and replaces the organisation's last one, so an
 * organisation that is silent or changes its mind cannot block the others: they confirm a configuration without it.
 */
export async function configureMarket(tx: Transaction, given: MarketSettings): Promise<MarketOpening> {
  const settings = { ...given, votingOrganizations: [...given.votingOrganizations].sort() };
  const current = await tx.ledger.get(records.config);
  if (current !== null && holds(current.settings, settings)) return opened(current);
  requireReplaceable(current, settings);
  const mspId = requireAdministrator(tx, settings.votingOrganizations);
  checkSettings(settings);
  const baseVersion = current?.version ?? 0;
  await confirm(tx, { mspId, baseVersion, settings, transactionId: tx.id });
  const missing = await missingOf(tx, baseVersion, settings);
  if (missing.length > 0) return { config: null, settings, missing };
  const config = writeConfig(tx, baseVersion + 1, settings);
  tx.emit({ type: 'MarketConfigured', version: config.version });
  return opened(config);
}

const opened = (config: MarketConfig): MarketOpening => ({ config, settings: config.settings, missing: [] });

/** A market of three or more organisations changes by votes. A larger group may replace a development market. */
function requireReplaceable(current: MarketConfig | null, settings: MarketSettings): void {
  if (current === null) return;
  const { version, development } = current;
  if (development && settings.votingOrganizations.length > current.settings.votingOrganizations.length)
    return;
  throw new ContractError('CONFLICT', 'The market is configured. Change it with ProposeConfig.', { version });
}

async function confirm(tx: Transaction, confirmation: ConfigConfirmation): Promise<void> {
  const { mspId, baseVersion, settings } = confirmation;
  const before = await tx.ledger.get(records.confirmation, mspId);
  if (before !== null && holds(before, { baseVersion, settings })) return;
  tx.ledger.put(records.confirmation, [mspId], confirmation);
  tx.emit({ type: 'ConfigConfirmed', mspId, baseVersion });
}

/** The named organisations that have not confirmed exactly these settings. */
async function missingOf(tx: Transaction, baseVersion: number, settings: MarketSettings): Promise<string[]> {
  const missing: string[] = [];
  for (const mspId of settings.votingOrganizations) {
    const confirmation = await tx.ledger.get(records.confirmation, mspId);
    if (confirmation === null || !holds(confirmation, { baseVersion, settings })) missing.push(mspId);
  }
  return missing;
}

/** Confirmations of configurations that do not hold yet. */
export async function listConfirmations(tx: Transaction): Promise<OutputOf<'ListConfirmations'>> {
  const baseVersion = (await tx.ledger.get(records.config))?.version ?? 0;
  const confirmations = await tx.ledger.all(records.confirmation);
  return { items: confirmations.filter((each) => each.baseVersion === baseVersion) };
}
