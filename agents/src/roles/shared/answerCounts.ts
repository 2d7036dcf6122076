import type { CommittedChange, TrainCouple } from '@veritrain/client-sdk';

type Change<Type extends CommittedChange['type']> = Extract<CommittedChange, { type: Type }>;
export type Answer = Change<'UpdateCommitted' | 'UpdateUnavailable'>;

/** How many hosts of one drawn subset have answered, as far as events told. */
export interface AnswerCount {
  /** Commitments that let the hosts of a subset upload. */
  readonly quorum: number;
  readonly slots: number;
  readonly committed: number;
  /** Committed or reported. */
  readonly answered: number;
  /** All hosts of all subsets of the round have answered. */
  readonly isLast: boolean;
}

interface Heard {
  readonly slots: number;
  readonly committed: Set<string>;
  readonly answered: Set<string>;
}

/** Counts the answers of couples' current rounds, so that an agent queries the ledger only when there is work. */
export class AnswerCounts {
  readonly #quorums = new Map<string, number>();
  readonly #rounds = new Map<string, { attempt: number; subsets: Map<number, Heard> }>();

  /** Call it with each couple that is reconciled: events do not tell the quorum. */
  know({ coupleId, terms }: Pick<TrainCouple, 'coupleId' | 'terms'>): void {
    this.#quorums.set(coupleId, terms.quorum);
  }

  begin({ coupleId, attempt, drawn }: Change<'RoundStarted'>): void {
    const subsets = new Map<number, Heard>();
    for (const { subsetIndex, slots } of drawn)
      subsets.set(subsetIndex, { slots: slots.length, committed: new Set(), answered: new Set() });
    this.#rounds.set(coupleId, { attempt, subsets });
  }

  /** @returns undefined where the start of the round or the couple's quorum is unknown: only the ledger can tell then */
  note({ type, coupleId, attempt, subsetIndex, instanceId }: Answer): AnswerCount | undefined {
    const round = this.#rounds.get(coupleId);
    const heard = round?.attempt === attempt ? round.subsets.get(subsetIndex) : undefined;
    if (heard === undefined) return undefined;
    heard.answered.add(instanceId);
    if (type === 'UpdateCommitted') heard.committed.add(instanceId);
    const quorum = this.#quorums.get(coupleId);
    if (quorum === undefined) return undefined;
    return {
      quorum,
      slots: heard.slots,
      committed: heard.committed.size,
      answered: heard.answered.size,
      isLast: [...(round?.subsets.values() ?? [])].every(({ slots, answered }) => answered.size === slots),
    };
  }

  forget(coupleId: string): void {
    this.#rounds.delete(coupleId);
    this.#quorums.delete(coupleId);
  }
}
