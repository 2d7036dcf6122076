interface Entry {
  /** Not before then. */
  readonly dueAt: number;
  /** Of several due subjects, the one with the smallest rank comes first. */
  readonly rank: number;
  readonly isMoot: IsMoot;
}

/** Asked when a subject's turn comes: whether what it was queued for has been done meanwhile. */
type IsMoot = () => boolean;

/** How a subject is queued. */
export interface Queueing {
  /** The subject yields for this long to subjects that become due after it. */
  readonly yieldMs?: number;
  /** A subject that is due for nothing else is dropped. Default: never moot. */
  readonly isMoot?: IsMoot | undefined;
}

const never: IsMoot = () => false;

const allOf = (one: IsMoot, other: IsMoot): IsMoot =>
  one === never || other === never ? never : () => one() && other();

/** Lanes beyond this number are forgotten, the longest idle first. A forgotten lane counts as new. */
const maxLanes = 10_000;

/**
 * The subjects to reconcile, each now or at a later time. Subjects of one lane, such as the requests of one member, take
 * turns with those of other lanes, however many they are. Times are milliseconds of one clock that never steps back.
 */
export class WorkQueue {
  private readonly entries = new Map<string, Entry>();
  /** Lanes and their last turns. A lane that has had a turn moves to the end. */
  private readonly turns = new Map<string, number>();
  private turn = 0;

  /** @param laneOf default: one lane for all */
  constructor(private readonly laneOf: (subject: string) => string = () => '') {}

  /** Queues the subject for `time`; an earlier time that it has already stays, and so does what it was queued for. */
  add(subject: string, time: number, { yieldMs = 0, isMoot = never }: Queueing = {}): void {
    const known = this.entries.get(subject);
    this.entries.set(subject, {
      dueAt: Math.min(known?.dueAt ?? Infinity, time),
      rank: Math.min(known?.rank ?? Infinity, time + yieldMs),
      isMoot: known === undefined ? isMoot : allOf(known.isMoot, isMoot),
    });
  }

  /**
   * Takes the first of the subjects that are due at `now` and may be taken: those that yield no longer come before the
   * others, then those of the lane whose last turn is longest ago, then those that are due longest.
   */
  take(now: number, mayTake: (subject: string) => boolean): string | undefined {
    let first: { subject: string; order: readonly number[] } | undefined;
    for (const [subject, { dueAt, rank, isMoot }] of this.entries) {
      if (dueAt > now || !mayTake(subject)) continue;
      if (isMoot()) {
        this.entries.delete(subject);
        continue;
      }
      const order = [rank <= now ? 0 : 1, this.turns.get(this.laneOf(subject)) ?? 0, rank];
      if (first === undefined || comesBefore(order, first.order)) first = { subject, order };
    }
    if (first === undefined) return undefined;
    this.entries.delete(first.subject);
    this.noteTurn(this.laneOf(first.subject));
    return first.subject;
  }

  /** When the next subject that may be taken is due; undefined where there is none. */
  nextAt(mayTake: (subject: string) => boolean): number | undefined {
    let next: number | undefined;
    for (const [subject, { dueAt }] of this.entries)
      if ((next === undefined || dueAt < next) && mayTake(subject)) next = dueAt;
    return next;
  }

  private noteTurn(lane: string): void {
    this.turns.delete(lane);
    this.turns.set(lane, (this.turn += 1));
    const [oldest] = this.turns.keys();
    if (this.turns.size > maxLanes && oldest !== undefined) this.turns.delete(oldest);
  }
}

function comesBefore(left: readonly number[], right: readonly number[]): boolean {
  const at = left.findIndex((value, index) => value !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}
