/** Least rows of a table. */
export const MIN_ROWS = 30;
/** Most rows of a table: a data owner that splits one needs some 120 bytes of memory for each, whatever the columns. */
export const MAX_ROWS = 4_000_000;
/** Most rows of a table that is read whole, as text and as numbers. */
export const MAX_ROWS_IN_MEMORY = 100_000;
/** Most numbers of such a table, 256 MB: 100000 rows of 335 columns, fewer rows of more. */
export const MAX_CELLS_IN_MEMORY = 2 ** 25;
/** Most cells of the rows that are set aside, which are written as one text: 100000 rows of 100 columns, fewer rows of more. */
export const MAX_HELD_OUT_CELLS = 10_000_000;
/** Most features of a model whose messages are packed in slots: a linear or logistic one. */
export const MAX_FEATURES = 32;
/** Most feature columns of a table or package, and most features that a map makes of them: images have a column for each pixel. */
export const MAX_COLUMNS = 1024;
/** Most numbers of a package: 4,000,000 rows of 32 features, fewer rows of more. */
export const MAX_PACKAGE_CELLS = MAX_ROWS * (MAX_FEATURES + 1);
/** Most classes of a target: a ridge classifier has a vector for each under one matrix. */
export const MAX_CLASSES = 16;
/** Largest magnitude of a cell: squares and sums of 4000000 squares stay finite. */
export const MAX_MAGNITUDE = 1e100;
/** Least rows of a subset. */
export const MIN_SUBSET_ROWS = 10;
/** Bytes of the secret that all replicas of a subset share. */
export const SHARD_SECRET_BYTES = 32;
/** Most bytes that a compressed table may become, read as a stream: more than 4000000 rows need. */
export const MAX_INFLATED_BYTES = 8 * 2 ** 30;
/** The same, read whole. */
export const MAX_INFLATED_BYTES_IN_MEMORY = 256 * 2 ** 20;
