/** Which subjects are to be looked at, now or at some time. Times are milliseconds of one clock that never steps back. */
export class WorkQueue {
  private readonly dueAt = new Map<string, number>();

  /** Looks at the subject at `time`, or earlier if that was asked for already. */
  add(subject: string, time: number): void {
    const known = this.dueAt.get(subject);
    if (known === undefined || time < known) this.dueAt.set(subject, time);
  }

  /** The subject that has been due longest at `now` and is not busy, which is thereby taken off. */
  take(now: number, busy: ReadonlySet<string>): string | undefined {
    const first = this.first(busy);
    if (first === undefined || first[1] > now) return undefined;
    this.dueAt.delete(first[0]);
    return first[0];
  }

  /** When the next subject that is not busy is due; undefined where there is none. */
  nextAt(busy: ReadonlySet<string>): number | undefined {
    return this.first(busy)?.[1];
  }

  private first(busy: ReadonlySet<string>): [string, number] | undefined {
    let earliest: [string, number] | undefined;
    for (const entry of this.dueAt) {
      if (!busy.has(entry[0]) && (earliest === undefined || entry[1] < earliest[1])) earliest = entry;
    }
    return earliest;
  }
}
