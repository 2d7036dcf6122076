import { setTimeout as delay } from 'node:timers/promises';
import { isVeritrainError, type Market, type VeritrainError } from '@veritrain/client-sdk';
import type { ChannelConfig, ChannelOrganization } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/action.js';
import { check, type Check } from './check.js';
import { reach } from './reach.js';

/** Checks that each organisation endorses, and that enough endorse together to satisfy the endorsement policy. */
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
      const enough = 'enough organisations endorse to satisfy the endorsement policy';
      if ((await refusalOf(market, signal)) === undefined) return enough;
      // The other check gives the reason.
      if ((await looking).some((absence) => absence !== undefined))
        return {
          found: 'too few organisations endorse to satisfy the endorsement policy',
          fix: 'Repair the endorsers. Nothing is lost: agents resume when enough are back.',
        };
      // Each peer endorses on its own, so the mismatch is usually transient (a block behind, gossip not settled).
      // Fail only if it persists.
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
  const remedies = [...byRemedy].map(
    ([remedy, names]) => `The operator of ${names.join(' and ')} has to ${remedy}.`,
  );
  const restarts = [...byRemedy.keys()].some((remedy) => remedy.startsWith('restart'));
  const own = '`veritrain network up` restarts the nodes of a network that it made.';
  return [...hints, ...remedies, ...(restarts ? [own] : [])].join(' ');
}

/** An organisation that does not endorse. */
interface Absence {
  readonly mspId: string;
  readonly found: string;
  /** What the operator of the organisation's nodes has to do, as an infinitive; or an error's own hint. */
  readonly remedy: string | { readonly hint: string };
  /** Gossip may still settle: worth another attempt. */
  readonly mayPass?: true;
}

/** Why an organisation does not endorse; undefined where it does. */
async function absenceOf(
  market: Market,
  organization: ChannelOrganization,
  signal: AbortSignal | undefined,
): Promise<Absence | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const absence = await absenceNow(market, organization, signal);
    if (absence?.mayPass !== true || attempt >= attempts) return absence;
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** Gossip between peers that have just started settles within seconds. */
const attempts = 10;
const pauseMs = 1_000;

async function absenceNow(
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
    const { why, ...cause } = await causeOf(organization, error);
    return { mspId, found: `${mspId} does not endorse: ${why}`, ...cause };
  }
}

/** The organisation answers, and refuses this member. */
const refusals: ReadonlySet<string> = new Set(['VT8103', 'VT8120', 'VT8121', 'VT8122']);

interface Cause {
  readonly why: string;
  readonly remedy: string;
  readonly mayPass?: true;
}

async function causeOf({ anchorPeers }: ChannelOrganization, error: VeritrainError): Promise<Cause> {
  const reached = await Promise.all(anchorPeers.map((address) => reach(address)));
  const at = anchorPeers.join(', ');
  if (reached.includes('answers')) return behindPeer(at, error);
  if (reached.some((found) => found !== 'unseen'))
    return { why: `its peer ${at} does not answer`, remedy: 'restart the peer' };
  return { why: wordsOf(error), remedy: 'check the peer and the contract’s process' };
}

/** What is wrong behind a peer that answers. */
function behindPeer(at: string, error: VeritrainError): Cause {
  const words = wordsOf(error);
  if (words.includes('failed to find any endorsing peers'))
    return {
      why: `its peer ${at} answers, but the gateway’s peer does not know that it has the contract`,
      remedy: 'install and approve the contract',
      mayPass: true,
    };
  if (/could not launch chaincode|DeadlineExceeded|timeout expired/.test(words))
    return {
      why: `its peer ${at} answers, its contract does not`,
      remedy: 'restart the contract’s process',
    };
  return {
    why: `its peer ${at} says: ${words}`,
    remedy: 'read the logs of the peer and of its contract',
  };
}

const maxCharacters = 300;

/** The peers' own words, where the error has them. */
function wordsOf({ facts, reason }: VeritrainError): string {
  const words = typeof facts.said === 'string' ? facts.said : reason;
  return words.length > maxCharacters ? `${words.slice(0, maxCharacters)}…` : words;
}
