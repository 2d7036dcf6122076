import type { SdkErrorCode } from '../errors/table.js';
import type { ErrorFacts } from '../errors/veritrainError.js';

interface RefusedIdentity {
  readonly code: SdkErrorCode;
  readonly reason: string;
  readonly facts?: ErrorFacts;
}

/**
 * What peers and orderers mean when they do not take who asks, in whatever gRPC status it comes: a gateway passes some of
 * it on as UNAVAILABLE, though asking again would not help.
 */
export function refusedIdentity(said: string): RefusedIdentity | undefined {
  for (const [words, meaning] of meanings) {
    const match = words.exec(said);
    if (match !== null) return meaning(match[1] ?? '', match[2] ?? '');
  }
  return undefined;
}

const meanings: readonly (readonly [RegExp, (first: string, second: string) => RefusedIdentity])[] = [
  [
    /client identity expired/,
    () => ({ code: 'VT8120', reason: 'The certificate of this identity has expired.' }),
  ],
  [/incorrect timestamp ([^\s,]+), peer time ([^\s,]+)/, clockOff],
  [
    /access denied: channel \[.*?\] creator org unknown/,
    () => ({ code: 'VT8103', reason: 'No organisation of the channel has certified this identity.' }),
  ],
  [
    /access denied: channel \[.*?\] creator org \[(.*?)\]/,
    (mspId) => ({
      code: 'VT8122',
      reason: `${mspId} does not accept this identity any more.`,
      facts: { mspId },
    }),
  ],
  [
    /access denied|creator certificate is not valid|MSP .* is unknown/i,
    () => ({ code: 'VT8103', reason: 'The channel does not accept this identity.' }),
  ],
];

function clockOff(here: string, peer: string): RefusedIdentity {
  const seconds = Math.round((Date.parse(here) - Date.parse(peer)) / 1000);
  const way = seconds < 0 ? 'behind' : 'ahead of';
  const minutes = Math.round(Math.abs(seconds) / 60);
  return {
    code: 'VT8121',
    reason: `This machine’s clock is ${minutes} minutes ${way} the peer’s.`,
    facts: { here, peer, seconds },
  };
}
