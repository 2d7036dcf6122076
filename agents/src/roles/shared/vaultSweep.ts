import { setTimeout as delay } from 'node:timers/promises';
import { freeObjects, graceMs, vaultContents } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import type { RoleContext } from '../role.js';

/**
 * Deletes every hour the objects in this member's place of the vault that the ledger has released for an hour: updates
 * of rounds that are over, packages of withdrawn datasets. In a vault without places it does nothing.
 */
export async function sweepVault(
  { member, market, participantId, logger }: RoleContext,
  signal: AbortSignal,
  everyMs = graceMs,
): Promise<void> {
  if (market.ownObjects === undefined) return;
  let before = new Set<string>();
  while (isOn(signal)) {
    try {
      const { garbage } = await vaultContents(member, { youngerThanMs: everyMs }, { signal });
      // One answer of one peer, which may be behind, is not enough for a deletion.
      const twice = garbage.filter(({ handle }) => before.has(handle));
      before = new Set(garbage.map(({ handle }) => handle));
      const freed = await freeObjects(member, twice, { signal });
      const bytes = freed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      if (freed.length > 0) logger.info({ participantId, objects: freed.length, bytes }, 'vault swept');
    } catch (error) {
      if (isOn(signal)) logger.warn(describeFailure(error), 'the vault was not swept');
    }
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const isOn = (signal: AbortSignal): boolean => !signal.aborted;
