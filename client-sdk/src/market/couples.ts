import type { DrawCheck, InputOf, LedgerPlace, OutputOf } from '@veritrain/chaincode/domain';
import type { CallOptions, Calls, Committed } from './calls.js';
import { drawAgain } from './draws.js';
import { type CommittedChange, type MarketEvents, watchCouple } from './events.js';
import { type Group, groupOf } from './facade.js';
import { methods } from './methods.js';

/**
 * A request's terms; a couple's id is drawn if none is given, and so is the anchor of this member's draw chain, from the
 * keyring (see `ownDrawChain`).
 */
export type CoupleRequest = Omit<InputOf<'RequestTraining'>, 'coupleId' | 'anchor'> & {
  readonly coupleId?: string | undefined;
};

/** A couple that was just requested. */
export interface RequestedCouple extends Committed<OutputOf<'RequestTraining'>> {
  readonly coupleId: string;
  /** The couple's changes from its request on; ends with the one that ends the couple. Errors are those of `events.watch`. */
  watch(options?: CallOptions): AsyncGenerator<CommittedChange, void, undefined>;
}

export type Couples = Omit<Group<typeof methods.couples>, 'request'> & {
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
};

/** Where draws are made, and what this member derives for couples that it asks for. */
interface OwnDraws {
  readonly place: LedgerPlace;
  readonly newCoupleId: () => string;
  readonly anchorOf: (coupleId: string, terms: { rounds: number; spareAttempts: number }) => string;
}

export function couplesOf(
  calls: Calls,
  events: MarketEvents,
  { place, anchorOf, newCoupleId }: OwnDraws,
): Couples {
  return {
    ...groupOf(calls, methods.couples),
    async request({ coupleId = newCoupleId(), ...terms }, options) {
      const anchor = anchorOf(coupleId, terms);
      const committed = await calls.submit('RequestTraining', { coupleId, ...terms, anchor }, options);
      const fromBlock = committed.blockNumber;
      return {
        ...committed,
        coupleId,
        watch: (watching) => watchCouple(events, coupleId, { ...watching, fromBlock }),
      };
    },
    checkDraws: (input, options) => drawAgain(calls, place, input, options),
    watch: (coupleId, options) => watchCouple(events, coupleId, options),
  };
}
