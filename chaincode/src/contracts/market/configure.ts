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
 * One organisation's word for a configuration, which holds once each organisation that it names has given the same.
 * Each word stands on a key of its own and replaces the organisation's last one, so nobody's silence or whim blocks the
 * others: they confirm a configuration without it.
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

/** A market of three or more changes by votes. A development market may be taken over by more organisations than it has. */
function requireReplaceable(current: MarketConfig | null, settings: MarketSettings): void {
  if (current === null) return;
  const { version, development } = current;
  if (development && settings.votingOrganizations.length > current.settings.votingOrganizations.length)
    return;
  throw new ContractError('CONFLICT', 'The market is configured; changes go by ProposeConfig.', { version });
}

async function confirm(tx: Transaction, word: ConfigConfirmation): Promise<void> {
  const { mspId, baseVersion, settings } = word;
  const before = await tx.ledger.get(records.confirmation, mspId);
  if (before !== null && holds(before, { baseVersion, settings })) return;
  tx.ledger.put(records.confirmation, [mspId], word);
  tx.emit({ type: 'ConfigConfirmed', mspId, baseVersion });
}

/** The named organisations that have not confirmed exactly this. */
async function missingOf(tx: Transaction, baseVersion: number, settings: MarketSettings): Promise<string[]> {
  const missing: string[] = [];
  for (const mspId of settings.votingOrganizations) {
    const word = await tx.ledger.get(records.confirmation, mspId);
    if (word === null || !holds(word, { baseVersion, settings })) missing.push(mspId);
  }
  return missing;
}

/** What organisations have confirmed that does not hold yet. */
export async function listConfirmations(tx: Transaction): Promise<OutputOf<'ListConfirmations'>> {
  const baseVersion = (await tx.ledger.get(records.config))?.version ?? 0;
  const words = await tx.ledger.all(records.confirmation);
  return { items: words.filter((word) => word.baseVersion === baseVersion) };
}
