import {
  isVeritrainError,
  type ChannelConfig,
  type ChannelOrganization,
  type Market,
  type VeritrainError,
} from '@veritrain/client-sdk';
import type { ActionContext } from '../context.js';
import { check, type Check } from './check.js';
import { reach } from './reach.js';

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
      const failure = await refusalOf(market, signal);
      if (failure === undefined) return 'as many organisations endorse as a transaction takes';
      // Why is said beside the endorsers; where all of them are well, what they said is all there is.
      if ((await looking).every((absence) => absence === undefined)) throw failure;
      return {
        found: 'no transaction gets the endorsements that it takes',
        fix: 'Mend the endorsers; nothing is lost, and agents go on when enough are back.',
      };
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

interface Absence {
  readonly mspId: string;
  readonly found: string;
  /** What to do, said of whoever runs the organisation's nodes; an error's own hint is a sentence. */
  readonly remedy: string | { readonly hint: string };
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
  return [...hints, ...remedies, ...(remedies.length === 0 ? [] : [own])].join(' ');
}

/** Why an organisation does not endorse; undefined where it does. */
async function absenceOf(
  market: Market,
  organization: ChannelOrganization,
  signal: AbortSignal | undefined,
): Promise<Absence | undefined> {
  const { mspId } = organization;
  try {
    await market.channel.rehearse({ organization: mspId, signal });
    return undefined;
  } catch (error) {
    if (!isVeritrainError(error) || error.code === 'VT8005') throw error;
    if (refusals.has(error.code))
      return { mspId, found: `${mspId} says: ${error.reason}`, remedy: { hint: error.hint } };
    const { why, remedy } = await causeOf(organization, error);
    return { mspId, found: `${mspId} does not endorse: ${why}`, remedy };
  }
}

/** The organisation is there, and does not take who asks. */
const refusals: ReadonlySet<string> = new Set(['VT8103', 'VT8120', 'VT8121', 'VT8122']);

async function causeOf(
  { anchorPeers }: ChannelOrganization,
  error: VeritrainError,
): Promise<{ why: string; remedy: string }> {
  const reached = await Promise.all(anchorPeers.map((address) => reach(address)));
  const at = anchorPeers.join(', ');
  if (reached.includes('answers')) return behindPeer(at, error);
  if (reached.some((found) => found !== 'unseen'))
    return { why: `its peer ${at} does not answer`, remedy: 'starts the peer again' };
  return { why: wordsOf(error), remedy: 'looks after its peer and its contract’s process' };
}

/** What is wrong where the peer itself is well. */
function behindPeer(at: string, error: VeritrainError): { why: string; remedy: string } {
  const words = wordsOf(error);
  if (words.includes('failed to find any endorsing peers'))
    return {
      why: `its peer ${at} answers, but the gateway’s does not know that it has the contract`,
      remedy:
        'installs and approves the contract; peers that have just started take some seconds to find each other',
    };
  if (/could not launch chaincode|DeadlineExceeded|timeout expired/.test(words))
    return {
      why: `its peer ${at} answers, its contract does not`,
      remedy: 'starts the contract’s process again',
    };
  return {
    why: `its peer ${at} says: ${words}`,
    remedy: 'looks into the log of the peer and of its contract',
  };
}

const mostWords = 300;

/** What the peers said, where the error tells. */
function wordsOf({ facts, reason }: VeritrainError): string {
  const words = typeof facts.said === 'string' ? facts.said : reason;
  return words.length > mostWords ? `${words.slice(0, mostWords)}…` : words;
}
