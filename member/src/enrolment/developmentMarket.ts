import type { MarketConfig } from '@veritrain/client-sdk';

/** What a market of fewer than three organisations gives away, or undefined for one that has enough. */
export function developmentNote({ development, settings }: MarketConfig): string | undefined {
  if (!development) return undefined;
  const { length } = settings.votingOrganizations;
  const voting = length === 1 ? 'only one organisation votes' : `only ${length} organisations vote`;
  return `a development market: ${voting}, so one alone can write anything where any of them may endorse, and stop everything where all of them must; a market needs three`;
}
