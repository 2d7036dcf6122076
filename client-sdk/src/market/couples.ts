import type { DrawCheck, InputOf, LedgerContext, OutputOf } from '@veritrain/chaincode/domain';
import type { CallOptions, Calls, Committed } from './calls.js';
import { drawAgain } from './draws.js';
import { type CommittedChange, type MarketEvents, watchCouple } from './events.js';
import { groupOf } from './facade.js';
import type { CoupleHandle } from './recordHandles.js';
import type { CouplesMethods } from './methods.js';

/**
 * A request's terms; a couple's id is drawn if none is given, and so is the anchor of this member's draw chain, from the
 * keyring (see `ownDrawChain`).
 */
export type CoupleRequest = Omit<InputOf<'RequestTraining'>, 'coupleId' | 'anchor'> & {
  /** `tc_…`; drawn if absent. */
  readonly coupleId?: string | undefined;
};

/** A couple that was just requested: its handle, which watches it from there on, and where the request was committed. */
export interface RequestedCouple extends CoupleHandle, Committed<OutputOf<'RequestTraining'>> {
  /** The same as `id`. */
  readonly coupleId: string;
}

/** What `market.couples` has: the transactions and queries, and what this member derives and checks for them. */
export interface Couples extends Omit<CouplesMethods, 'request'> {
  /**
   * RequestTraining, with what this member derives filled in. Give the id yourself where the request must survive a crash
   * of the caller.
   */
  request(request: CoupleRequest, options?: CallOptions): Promise<RequestedCouple>;
  /** Draws every attempt again from both sides' links, on this machine, and says where the records differ. Errors: NOT_FOUND. */
  checkDraws(input: { readonly coupleId: string }, options?: CallOptions): Promise<DrawCheck[]>;
  /** A couple's changes, from a block on (default: the first); ends with the one that ends it. Errors are those of `events.watch`. */
  watch(
    coupleId: string,
    options?: CallOptions & { readonly fromBlock?: bigint | undefined },
  ): AsyncGenerator<CommittedChange, void, undefined>;
}

/** Where draws are made, handles, and what this member derives for couples that it asks for. */
interface CouplesContext {
  readonly place: LedgerContext;
  readonly events: MarketEvents;
  readonly handleOf: (coupleId: string) => CoupleHandle;
  readonly newCoupleId: () => string;
  readonly anchorOf: (coupleId: string, terms: { rounds: number; spareAttempts: number }) => string;
}

export function couplesOf(
  calls: Calls,
  { place, events, handleOf, newCoupleId, anchorOf }: CouplesContext,
): Couples {
  return {
    ...groupOf(calls, 'couples'),
    async request({ coupleId = newCoupleId(), ...terms }, options) {
      const anchor = anchorOf(coupleId, terms);
      const committed = await calls.submit('RequestTraining', { coupleId, ...terms, anchor }, options);
      const couple = handleOf(coupleId);
      const fromBlock = committed.blockNumber;
      return {
        ...couple,
        ...committed,
        coupleId,
        watch: (watching) => couple.watch({ fromBlock, ...watching }),
      };
    },
    checkDraws: (input, options) => drawAgain(calls, place, input, options),
    watch: (coupleId, options) => watchCouple(events, coupleId, options),
  };
}
