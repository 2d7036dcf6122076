import { z } from 'zod';

/** For models whose levels are codes: which texts they stand for. */
export const codebookOption = [
  '--codebook <file>',
  'texts of levels that are codes (default: that of the split, if it was made in this profile)',
] as const;

/** The value of {@link codebookOption}. */
export const codebookValue = z.string().min(1).optional();
