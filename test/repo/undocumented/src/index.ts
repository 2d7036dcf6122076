/** A package whose public names are not all explained. */
export function unexplained(): Hidden {
  return { field: 1 };
}

export const bare = 2;

interface Hidden {
  field: number;
}

export interface Shown {
  /** Explained, but for {@link nowhere}. */
  readonly explained: number;
  readonly unexplainedField: number;
}
