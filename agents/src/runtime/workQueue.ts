interface Entry {
  /** Not before then. */
  readonly dueAt: number;
  /** Of those that are due the one with the least comes first. */
  readonly rank: number;
}

/** Which subjects are to be looked at, now or at some time. Times are milliseconds of one clock that never steps back. */
export class WorkQueue {
  private readonly entries = new Map<string, Entry>();

  /**
   * Looks at the subject at `time`, or earlier if that was asked for already.
   * @param patienceMs for so long it lets those go first that become due after it
   */
  add(subject: string, time: number, patienceMs = 0): void {
    const { dueAt = Infinity, rank = Infinity } = this.entries.get(subject) ?? {};
    this.entries.set(subject, {
      dueAt: Math.min(dueAt, time),
      rank: Math.min(rank, time + patienceMs),
    });
  }

  /** The subject that comes first of those that are due at `now` and not busy, which is thereby taken off. */
  take(now: number, busy: ReadonlySet<string>): string | undefined {
    const first = this.least(({ rank }) => rank, busy, now);
    if (first !== undefined) this.entries.delete(first[0]);
    return first?.[0];
  }

  /** When the next subject that is not busy is due; undefined where there is none. */
  nextAt(busy: ReadonlySet<string>): number | undefined {
    return this.least(({ dueAt }) => dueAt, busy)?.[1].dueAt;
  }

  private least(
    of: (entry: Entry) => number,
    busy: ReadonlySet<string>,
    dueBy = Infinity,
  ): [string, Entry] | undefined {
    let least: [string, Entry] | undefined;
    for (const each of this.entries) {
      const [subject, entry] = each;
      if (busy.has(subject) || entry.dueAt > dueBy) continue;
      if (least === undefined || of(entry) < of(least[1])) least = each;
    }
    return least;
  }
}
