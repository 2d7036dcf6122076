import { canonicalJson, ContractError, type ConfigConfirmation } from '../domain/index.js';
import { records } from './collections.js';
import type { Overlay } from './overlay.js';

/** The refusal of everything in a market without a configuration: it says who has confirmed one, and who has not. */
export async function unconfigured(ledger: Overlay): Promise<ContractError> {
  // A range, which may be read here: what is refused is never submitted.
  const words = await ledger.all(records.confirmation);
  const nearest = [...groupsOf(words)].sort((a, b) => missingOf(a).length - missingOf(b).length)[0];
  if (nearest === undefined)
    return new ContractError('MARKET_NOT_CONFIGURED', 'The market is not configured yet.');
  const missing = missingOf(nearest).join(', ');
  const confirmed = nearest.map(({ mspId }) => mspId).join(', ');
  return new ContractError(
    'MARKET_NOT_CONFIGURED',
    `The market’s configuration waits for the confirmation of ${missing}.`,
    { confirmed, missing },
  );
}

/** Confirmations of the same settings. */
function groupsOf(words: readonly ConfigConfirmation[]): Iterable<ConfigConfirmation[]> {
  const groups = new Map<string, ConfigConfirmation[]>();
  for (const word of words) {
    const settings = canonicalJson(word.settings);
    groups.set(settings, [...(groups.get(settings) ?? []), word]);
  }
  return groups.values();
}

function missingOf(group: readonly ConfigConfirmation[]): string[] {
  const confirmed = new Set(group.map(({ mspId }) => mspId));
  return (group[0]?.settings.votingOrganizations ?? []).filter((mspId) => !confirmed.has(mspId));
}
