/** Something that a data owner should know of a column, as facts. */
export type RecipeNote =
  | {
      /** Cells without a value were filled. */
      readonly kind: 'filled';
      readonly column: string;
      readonly rows: number;
      /** The median, or the most frequent level. */
      readonly fill: number | string;
      /** Whether a feature says which rows were filled. */
      readonly flag: boolean;
    }
  | {
      /** Levels of too few rows lost their own features. */
      readonly kind: 'merged';
      readonly column: string;
      /** How many levels, and the rows of all of them. */
      readonly levels: number;
      readonly rows: number;
      /** `other` for a feature that they share; else the level that they count as. */
      readonly into: string;
    }
  | {
      /** The column numbers the rows. */
      readonly kind: 'countsRows';
      readonly column: string;
    }
  | {
      /** The feature says the target nearly alone, so it may be made from it. */
      readonly kind: 'saysTarget';
      readonly column: string;
      /** Pearson's, -1 to 1. */
      readonly correlation: number;
    };
