import { isVeritrainError, type Market, type VeritrainError } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/context.js';
import { absenceOf, type Absence } from './absence.js';
import { check, type Check } from './check.js';

/** Every organisation endorses by itself, and together as many do as a transaction takes. */
export async function checkEndorsers(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Check[]> {
  const looking = Promise.all(organizations.map((each) => absenceOf(market, each, signal)));
  return Promise.all([
    check('endorsers', async () => {
      const absences = (await looking).filter((absence) => absence !== undefined);
      if (absences.length === 0) return 'each organisation’s peer and contract answer';
      return { found: absences.map(({ found }) => found).join('; '), fix: remediesOf(absences) };
    }),
    check('endorsement', async () => {
      const enough = 'as many organisations endorse as a transaction takes';
      if ((await refusalOf(market, signal)) === undefined) return enough;
      // Why is said beside the endorsers.
      if ((await looking).some((absence) => absence !== undefined))
        return {
          found: 'no transaction gets the endorsements that it takes',
          fix: 'Mend the endorsers; nothing is lost, and agents go on when enough are back.',
        };
      // All are well by themselves: they were a block apart, or had not found each other yet, unless it stays so.
      const failure = await refusalOf(market, signal);
      if (failure !== undefined) throw failure;
      return enough;
    }),
  ]);
}

async function refusalOf(
  market: Market,
  signal: AbortSignal | undefined,
): Promise<VeritrainError | undefined> {
  try {
    await market.channel.rehearse({ signal });
    return undefined;
  } catch (error) {
    if (!isVeritrainError(error) || error.code === 'VT8005') throw error;
    return error;
  }
}

function remediesOf(absences: readonly Absence[]): string {
  const hints = new Set<string>();
  const byRemedy = new Map<string, string[]>();
  for (const { mspId, remedy } of absences) {
    if (typeof remedy !== 'string') hints.add(remedy.hint);
    else byRemedy.set(remedy, [...(byRemedy.get(remedy) ?? []), mspId]);
  }
  const remedies = [...byRemedy].map(([remedy, names]) => `Whoever runs ${names.join(' and ')} ${remedy}.`);
  const own = 'On a network of its own `veritrain network up` does so.';
  return [
    ...hints,
    ...remedies,
    ...(remedies.some((remedy) => remedy.includes(' starts ')) ? [own] : []),
  ].join(' ');
}
