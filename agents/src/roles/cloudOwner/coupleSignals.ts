import { TrainingError } from '@veritrain/training';

/** What runs for a couple, and how to stop it. */
interface Running {
  readonly whole: AbortController;
  readonly rounds: Map<number, AbortController>;
}

const ended = (what: string): Error => new TrainingError('VT7511', `the ${what} ended`);

/**
 * Signals for long computations: for what serves all rounds of a couple, and for what serves one round. A peer that makes up the end
 * of one costs this host a repetition: the next computation gets a fresh signal.
 */
export class CoupleSignals {
  private readonly couples = new Map<string, Running>();

  /** @param agent fires when the agent stops */
  ofCouple(coupleId: string, agent: AbortSignal): AbortSignal {
    return AbortSignal.any([agent, this.running(coupleId).whole.signal]);
  }

  /** @param agent fires when the agent stops */
  ofRound(coupleId: string, attempt: number, agent: AbortSignal): AbortSignal {
    const { whole, rounds } = this.running(coupleId);
    const round = rounds.get(attempt) ?? new AbortController();
    rounds.set(attempt, round);
    return AbortSignal.any([agent, whole.signal, round.signal]);
  }

  /** No answer of these attempts counts any more. */
  endRounds(coupleId: string, isOver: (attempt: number) => boolean): void {
    const { rounds } = this.couples.get(coupleId) ?? {};
    for (const [attempt, controller] of rounds ?? []) {
      if (!isOver(attempt)) continue;
      rounds?.delete(attempt);
      controller.abort(ended('round'));
    }
  }

  endCouple(coupleId: string): void {
    const running = this.couples.get(coupleId);
    this.couples.delete(coupleId);
    running?.whole.abort(ended('couple'));
  }

  private running(coupleId: string): Running {
    const known = this.couples.get(coupleId) ?? { whole: new AbortController(), rounds: new Map() };
    this.couples.set(coupleId, known);
    return known;
  }
}
