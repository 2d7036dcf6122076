import { isMemberError } from '@veritrain/member/errors';
import { isClosed, isStored, packageClaims, packageHandle, restorePackage } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import type { RoleContext } from '../role.js';
import { CheckTimes } from '../shared/objectKeeper.js';

const checkEveryMs = 60_000;
/** Packages are large: to check that one exists costs a query, to check that it is whole a download. */
const readBackEveryMs = 3_600_000;

/**
 * Repairs the packages that a data owner uploaded for its hosts: a lost or changed one is sealed again, to the key that it
 * was sealed to before, and uploaded again.
 */
export class PackageKeeper {
  private readonly checks: CheckTimes;
  private readonly readBacks: CheckTimes;

  constructor(
    private readonly context: RoleContext,
    now: () => number = () => performance.now(),
  ) {
    this.checks = new CheckTimes(checkEveryMs, true, now);
    this.readBacks = new CheckTimes(readBackEveryMs, false, now);
  }

  async ensure(datasetId: string, signal: AbortSignal): Promise<void> {
    const stored = this.context.member.home.dataset(datasetId).storedPackages();
    if (stored.length === 0 || !this.checks.take(datasetId)) return;
    const dataset = await this.context.market.datasets.get({ datasetId }, { signal });
    if (dataset.state === 'withdrawn') return;
    const wanted = new Set<string>();
    for await (const { subsetIndex, hostId, release } of packageClaims(this.context.member, dataset, {
      signal,
    }))
      if (release === undefined) wanted.add(`${subsetIndex.toString()} ${hostId}`);
    for (const each of stored)
      if (wanted.has(`${each.subsetIndex.toString()} ${each.hostId}`))
        await this.ensurePackage({ datasetId, ...each }, signal);
  }

  private async ensurePackage(
    of: { datasetId: string; subsetIndex: number; hostId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { steps, logger, member, market } = this.context;
    const facts = { datasetId: of.datasetId, subset: of.subsetIndex, participantId: of.hostId };
    try {
      const handle = packageHandle(market, of);
      const readBack = this.readBacks.take(handle);
      const isThere = await market.vault.has(handle, { signal });
      if (isThere && (!readBack || (await isStored(member, of, { signal })))) return;
      logger.warn({ code: 'VT9206', what: 'package', ...facts }, 'lost from the vault, uploaded again');
      await steps.run('putDocument', { ...facts, what: 'package' }, () =>
        restorePackage(member, of, { signal }),
      );
    } catch (error) {
      // The vault may come back. An owner that lost its own copy can only be told.
      if (!isClosed(error) && !isMemberError(error)) throw error;
      logger.warn(
        { ...describeFailure(error), what: 'package', ...facts },
        'the package cannot be checked or restored',
      );
    }
  }
}
