/** Least rows of a table. */
export const MIN_ROWS = 30;
/** Most rows of a table. */
export const MAX_ROWS = 100_000;
/** Most feature columns of a table. */
export const MAX_FEATURES = 32;
/** Largest magnitude of a cell: squares and sums of 100000 squares stay finite. */
export const MAX_MAGNITUDE = 1e100;
/** Least rows of a subset. */
export const MIN_SUBSET_ROWS = 10;
/** Bytes of the secret that all replicas of a subset share. */
export const SHARD_SECRET_BYTES = 32;
