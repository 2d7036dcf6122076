import { isVeritrainError, type TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { drawFile } from '@veritrain/member/home';
import { agentsError } from '../../errors/agentsError.js';
import { describeFailure } from '../../runtime/failure.js';
import { AgreedCouples } from '../shared/agreedCouples.js';
import { marketOf, type RoleContext } from '../role.js';

/** What the contract says of an attempt that has not expired. */
const notExpired = ['VT0201', 'VT0202', 'VT0404'];

/**
 * How far this data owner itself has come along a couple's draw chain. A link gives away all links before it, so a link
 * is opened for the attempt after the last that this agent saw through, and for no other: a peer that lies about the
 * number of attempts gets nothing.
 *
 * The number lies in the member's home. Where it was lost, the ledger's record of the last link proves itself: nobody
 * else can make a link of this chain before this member has opened it. Attempts that expired without a link are
 * confirmed one by one, by an ExpireRound of this member's own. What became of that is the gateway's word, so it is no
 * proof: links are asked for only once an endorsed read shows the attempt open, and it opens after all before it.
 *
 * Which link is an attempt's follows from the length of the chain, so the length is not taken from one peer either: of a
 * chain that is said to have one link, the link of the first attempt is the one that gives all others away.
 */
export class DrawMemory {
  private readonly agreed: AgreedCouples;

  constructor(private readonly context: RoleContext) {
    this.agreed = new AgreedCouples(context);
  }

  /** The link of the couple's current attempt. @throws LINK_WITHHELD */
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
      this.context.logger.warn(facts, 'the memory of the draws was damaged and is read from the ledger');
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
    return ownDrawChain(marketOf(this.context), 'dataOwner', coupleId, terms).link(attempt);
  }

  /** Expiring an attempt again that has expired is a success that changes nothing. */
  private async confirmExpired(
    { asked, ...round }: { coupleId: string; attempt: number; asked: number },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.context.steps.run('expireRound', round, () =>
        marketOf(this.context).rounds.expire(round, { signal }),
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
