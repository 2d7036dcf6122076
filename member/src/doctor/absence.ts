import { setTimeout as delay } from 'node:timers/promises';
import { isVeritrainError, type Market, type VeritrainError } from '@veritrain/client-sdk';
import type { ChannelOrganization } from '@veritrain/client-sdk/fabric';
import { reach } from './reach.js';

/** An organisation that does not endorse. */
export interface Absence {
  readonly mspId: string;
  readonly found: string;
  /** What to do, said of whoever runs the organisation's nodes; an error's own hint is a sentence. */
  readonly remedy: string | { readonly hint: string };
  /** The next moment it may not be so any more. */
  readonly mayPass?: true;
}

/** Why an organisation does not endorse; undefined where it does. */
export async function absenceOf(
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

/** Peers that have just started find each other within some seconds; a second apart, as many times. */
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

/** The organisation is there, and does not take who asks. */
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
    return { why: `its peer ${at} does not answer`, remedy: 'starts the peer again' };
  return { why: wordsOf(error), remedy: 'looks after its peer and its contract’s process' };
}

/** What is wrong where the peer itself is well. */
function behindPeer(at: string, error: VeritrainError): Cause {
  const words = wordsOf(error);
  if (words.includes('failed to find any endorsing peers'))
    return {
      why: `its peer ${at} answers, but the gateway’s does not know that it has the contract`,
      remedy: 'installs and approves the contract',
      mayPass: true,
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
