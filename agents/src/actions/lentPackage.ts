import { mostSealedBytes } from '@veritrain/client-sdk';
import { MAX_PACKAGE_BYTES } from '@veritrain/training';
import { z } from 'zod';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';

export const lentAddress = z.url({ protocol: /^https?$/ });

/**
 * A package from an address that its owner signed for a host without an account in the vault. What comes is worth no
 * more than what a vault gives: it is checked before it is used.
 *
 * @throws AgentsError LOAN_ENDED, NOT_WHAT_WAS_PROMISED where it never ends
 */
export async function* streamLent(address: string, { signal }: ActionContext): AsyncGenerator<Uint8Array> {
  try {
    yield* piecesOf(address, signal);
  } catch (cause) {
    if (cause instanceof AgentsError || signal?.aborted === true) throw cause;
    throw new AgentsError('VT9210', 'The lent package cannot be reached.', { cause });
  }
}

async function* piecesOf(address: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const response = await fetch(address, { ...(signal && { signal }), redirect: 'error' });
  // The address is a key: of what it is, only the host goes into words.
  const facts = { host: new URL(address).host, status: response.status };
  if (!response.ok || response.body === null)
    throw new AgentsError('VT9210', 'The package is not lent any more.', { facts });
  let sizeBytes = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    sizeBytes += piece.length;
    if (sizeBytes > mostSealedBytes(MAX_PACKAGE_BYTES))
      throw new AgentsError('VT9205', 'What was lent is larger than any package.', { facts });
    yield piece;
  }
}
