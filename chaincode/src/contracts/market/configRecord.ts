import {
  ContractError,
  minOrganizations,
  type MarketConfig,
  type MarketSettings,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/**
 * The caller's MSP id. Refuses with NOT_ADMINISTRATOR unless one of the organisations made the caller its
 * administrator.
 */
export function requireAdministrator(tx: Transaction, organizations: readonly string[]): string {
  const { mspId } = tx.caller;
  const administrator = tx.caller.isAdministrator();
  if (administrator && organizations.includes(mspId)) return mspId;
  throw new ContractError(
    'NOT_ADMINISTRATOR',
    'The caller is not an administrator of a voting organisation.',
    {
      mspId,
      administrator,
    },
  );
}

export function writeConfig(tx: Transaction, version: number, settings: MarketSettings): MarketConfig {
  const config: MarketConfig = {
    version,
    ...tx.place,
    settings,
    development: settings.votingOrganizations.length < minOrganizations,
    transactionId: tx.id,
  };
  tx.ledger.put(records.config, [], config);
  return config;
}
