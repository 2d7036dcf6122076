/** A package whose public names are all explained. */
export function explained(): Shown {
  return { field: 1 };
}

/** What {@link explained} gives. */
export interface Shown {
  /** A field. */
  readonly field: number;
}
