/** Cells without a value were filled. */
export interface FilledNote {
  /** Which note it is. */
  readonly kind: 'filled';
  /** Name of the column. */
  readonly column: string;
  /** How many cells. */
  readonly rows: number;
  /** The median, or the level that is the reference. */
  readonly fill: number | string;
  /** Whether a feature says which rows were filled. */
  readonly flag: boolean;
}

/** Levels of too few rows have no features of their own. */
export interface MergedNote {
  /** Which note it is. */
  readonly kind: 'merged';
  /** Name of the column. */
  readonly column: string;
  /** How many levels. */
  readonly levels: number;
  /** The rows of all of them. */
  readonly rows: number;
  /** `(other)`, where they share a feature; else the level that they count as. */
  readonly into: string;
}

/** A column of texts was left out: no level but the most frequent one has enough rows. */
export interface LeftOutNote {
  /** Which note it is. */
  readonly kind: 'leftOut';
  /** Name of the column. */
  readonly column: string;
  /** The level that is left. */
  readonly level: string;
  /** Its rows. */
  readonly rows: number;
}

/** A feature numbers the rows. */
export interface CountsRowsNote {
  /** Which note it is. */
  readonly kind: 'countsRows';
  /** Name of the feature. */
  readonly column: string;
}

/** A feature says the target nearly alone, so it may be made from it. */
export interface SaysTargetNote {
  /** Which note it is. */
  readonly kind: 'saysTarget';
  /** Name of the feature. */
  readonly column: string;
  /** Pearson's, -1 to 1. */
  readonly correlation: number;
}

/** Something that a data owner should know of a column, as facts. */
export type RecipeNote = FilledNote | MergedNote | LeftOutNote | CountsRowsNote | SaysTargetNote;
