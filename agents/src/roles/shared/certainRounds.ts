import type { CoupleView, Market, RoundView } from '@veritrain/client-sdk';

/** The rounds of one couple as a majority of the organisations has them, each read at most once in a reconcile. */
export class CertainRounds {
  private readonly known = new Map<number, Promise<RoundView>>();

  /** @param view the couple's view, where it was read endorsed: its round needs no other read */
  constructor(
    private readonly market: Market,
    private readonly coupleId: string,
    private readonly signal: AbortSignal,
    view?: CoupleView,
  ) {
    if (view?.round) this.known.set(view.round.attempt, Promise.resolve(view.round));
  }

  get(attempt: number): Promise<RoundView> {
    const known = this.known.get(attempt);
    if (known !== undefined) return known;
    const { coupleId } = this;
    const read = this.market.rounds.get({ coupleId, attempt }, { signal: this.signal, trust: 'endorsed' });
    this.known.set(attempt, read);
    return read;
  }
}
