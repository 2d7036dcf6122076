import { join } from 'node:path';
import { openMarket, type OpenMarketInput } from '@veritrain/member';
import { localError } from './errors.js';
import { startEmbeddedLedger } from './wiring.js';

export interface StartMarketInput extends Pick<OpenMarketInput, 'settings'> {
  /** Keeps the ledger, which goes on where it stands already. */
  readonly folder: string;
  /** Each with a CA and an administrator of its own; a majority endorses. Default: 3. */
  readonly organizations?: number;
  readonly signal?: AbortSignal;
}

/** A market on this machine, for development and tests. */
export interface LocalMarket extends AsyncDisposable {
  /** What members give as their market. */
  readonly ledger: string;
  stop(): Promise<void>;
}

/**
 * Starts an embedded ledger with the market's contract as a process of its own, which ends with this one, and opens the
 * market: members can join. In production the same members join a Fabric network.
 *
 * @throws LEDGER_FAILED with its last words; what `openMarket` throws
 */
export async function startMarket({
  folder,
  organizations = 3,
  settings,
  signal,
}: StartMarketInput): Promise<LocalMarket> {
  const data = join(folder, 'ledger');
  const ledger = await startEmbeddedLedger({
    data,
    organizations,
    endorse: 'majority',
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw localError('VT9603', cause instanceof Error ? cause.message : 'The ledger did not start.', {
      cause,
    });
  });
  const stop = (): Promise<void> => ledger.stop();
  try {
    await openMarket({ ledger: data, settings }, { signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ledger: data, stop, [Symbol.asyncDispose]: stop };
}
