import { isVeritrainError, type TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { drawFile } from '@veritrain/member/home';
import { agentsError } from '../../errors/agentsError.js';
import { describeFailure } from '../../runtime/failure.js';
import type { RoleContext } from '../role.js';
import { agreedCouples } from '../shared/readOnce.js';

/** The contract's refusals to expire an attempt. */
const notExpired = ['VT0201', 'VT0202', 'VT0404'];

/**
 * How far this data owner has come along a couple's draw chain. A link gives away all links before it. The agent therefore
 * opens a link for the attempt after the last one that it saw through, and for no other: a peer that lies about the number
 * of attempts gets no link.
 *
 * The number is kept in the member's home. If it is lost, the last link on the ledger proves how far the chain is open:
 * no other member can make a link of this chain before this member has opened it. The agent confirms each attempt that
 * expired without a link by an ExpireRound of its own. The gateway could lie about the outcome, so that is no proof; but
 * callers ask for a link only after an endorsed read showed its attempt open, and an attempt opens after all before it.
 *
 * An attempt's link depends on the length of the chain, so the length is not taken from one peer either: if a peer could
 * claim that the chain has one link, the link of the first attempt would be the one that gives all others away.
 */
export class DrawMemory {
  private readonly agreed;

  constructor(private readonly context: RoleContext) {
    this.agreed = agreedCouples(context);
  }

  /**
   * The link of the couple's current attempt.
   * @param said the couple as one peer has it
   * @throws LINK_WITHHELD
   */
  async nextLink(said: TrainCouple, signal: AbortSignal): Promise<string> {
    const { coupleId, attempts } = said;
    const couple = { ...said, ...(await this.agreed.of(coupleId, signal)) };
    for (let seen = this.seen(couple); seen < attempts - 1; seen += 1) {
      await this.confirmExpired({ coupleId, attempt: seen + 1, asked: attempts }, signal);
      this.note(couple, seen + 1);
    }
    return this.linkOf(couple, attempts);
  }

  /** This agent saw the attempt through. */
  note(couple: TrainCouple, attempt: number): void {
    const { coupleId, datasetId } = couple;
    if (attempt <= this.kept(coupleId)) return;
    drawFile(this.context.member.home, coupleId).write({ schemaVersion: 1, datasetId, attempt });
  }

  /** The couple ended. */
  forget(coupleId: string): void {
    this.agreed.forget(coupleId);
  }

  private seen(couple: TrainCouple): number {
    return Math.max(this.kept(couple.coupleId), this.proven(couple));
  }

  private kept(coupleId: string): number {
    const file = drawFile(this.context.member.home, coupleId);
    const note = file.readUndamaged((keptAs, cause) => {
      const { message } = describeFailure(cause);
      const facts = { code: 'VT9211', coupleId, keptAs, message };
      this.context.logger.warn(
        facts,
        'the memory of the draws was damaged; the ledger tells how far they are',
      );
    });
    return note?.attempt ?? 0;
  }

  /** The attempt of the last link on the ledger, if it is a link of this owner's chain. */
  private proven(couple: TrainCouple): number {
    const { terms, dataOwnerChain } = couple;
    if (dataOwnerChain === null) return 0;
    const { attempt, link } = dataOwnerChain.opened;
    if (attempt > terms.rounds + terms.spareAttempts) return 0;
    return link === this.linkOf(couple, attempt) ? attempt : 0;
  }

  private linkOf({ coupleId, terms }: TrainCouple, attempt: number): string {
    return ownDrawChain(this.context.market, 'dataOwner', coupleId, terms).link(attempt);
  }

  /** To expire an expired attempt again succeeds and changes nothing. */
  private async confirmExpired(
    { asked, ...round }: { coupleId: string; attempt: number; asked: number },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.context.steps.run('expireRound', round, () =>
        this.context.market.rounds.expire(round, { signal }),
      );
    } catch (cause) {
      if (!isVeritrainError(cause, ...notExpired)) throw cause;
      throw agentsError(
        'VT9240',
        `Attempt ${asked} is said to be open, and attempt ${round.attempt} is not over.`,
        { facts: { coupleId: round.coupleId, attempt: round.attempt, asked }, cause },
      );
    }
  }
}
