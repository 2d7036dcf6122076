import { canonicalJson, ContractError, type ConfigConfirmation } from '../domain/index.js';
import { records } from './collections.js';
import type { Overlay } from './overlay.js';

/**
 * The refusal of every transaction before the market has a configuration. It names the organisations that have
 * confirmed one and those that have not.
 */
export async function unconfigured(ledger: Overlay): Promise<ContractError> {
  // A range read is safe here, since a refused transaction is never submitted.
  const confirmations = await ledger.all(records.confirmation);
  const nearest = [...groupsOf(confirmations)].sort((a, b) => missingOf(a).length - missingOf(b).length)[0];
  if (nearest === undefined)
    return new ContractError('MARKET_NOT_CONFIGURED', 'The market is not configured yet.');
  const missing = missingOf(nearest).join(', ');
  const confirmed = nearest.map(({ mspId }) => mspId).join(', ');
  return new ContractError(
    'MARKET_NOT_CONFIGURED',
    `The market’s configuration waits for confirmation by ${missing}.`,
    { confirmed, missing },
  );
}

/** Confirmations of the same settings. */
function groupsOf(confirmations: readonly ConfigConfirmation[]): Iterable<ConfigConfirmation[]> {
  const groups = new Map<string, ConfigConfirmation[]>();
  for (const confirmation of confirmations) {
    const settings = canonicalJson(confirmation.settings);
    groups.set(settings, [...(groups.get(settings) ?? []), confirmation]);
  }
  return groups.values();
}

function missingOf(group: readonly ConfigConfirmation[]): string[] {
  const confirmed = new Set(group.map(({ mspId }) => mspId));
  return (group[0]?.settings.votingOrganizations ?? []).filter((mspId) => !confirmed.has(mspId));
}
