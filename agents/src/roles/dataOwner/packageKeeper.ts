import { isMemberError } from '@veritrain/member/errors';
import { isClosed, isStored, packageClaims, packageHandle, restorePackage } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import { marketOf, type RoleContext } from '../role.js';

const lookEveryMs = 60_000;
/** Packages are large: whether one is there costs a question, whether it is whole a download. */
const readBackEveryMs = 3_600_000;

/**
 * Looks after the packages that a data owner put for its hosts: what the vault lost or changed is sealed again, to the
 * very key that it was sealed to, and put again.
 */
export class PackageKeeper {
  private readonly lookedAt = new Map<string, number>();
  private readonly readBackAt = new Map<string, number>();

  constructor(
    private readonly context: RoleContext,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async ensure(datasetId: string, signal: AbortSignal): Promise<void> {
    const stored = this.context.member.home.dataset(datasetId).storedPackages();
    if (stored.length === 0 || !isDue(this.lookedAt, datasetId, lookEveryMs, this.now())) return;
    const dataset = await marketOf(this.context).datasets.get({ datasetId }, { signal });
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
    const { steps, logger, member } = this.context;
    const market = marketOf(this.context);
    const facts = { datasetId: of.datasetId, subset: of.subsetIndex, participantId: of.hostId };
    try {
      const handle = packageHandle(market, of);
      const readBack = isDue(this.readBackAt, handle, readBackEveryMs, this.now(), false);
      const isThere = await market.vault.has(handle, { signal });
      if (isThere && (!readBack || (await isStored(member, of, { signal })))) return;
      logger.warn({ code: 'VT9206', what: 'package', ...facts }, 'lost from the vault, put again');
      await steps.run('putDocument', { ...facts, what: 'package' }, () =>
        restorePackage(member, of, { signal }),
      );
    } catch (error) {
      // The vault may come back; an owner that has lost its own copy can only be told.
      if (!isClosed(error) && !isMemberError(error)) throw error;
      logger.warn(
        { ...describeFailure(error), what: 'package', ...facts },
        'the package cannot be looked after',
      );
    }
  }
}

/** Whether so much time has passed since the last time; then this is the last time. */
function isDue(
  last: Map<string, number>,
  key: string,
  everyMs: number,
  now: number,
  firstTime = true,
): boolean {
  const at = last.get(key);
  if (at !== undefined && now - at < everyMs) return false;
  last.set(key, now);
  return at !== undefined || firstTime;
}
