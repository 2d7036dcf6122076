/**
 * A worker's share of a number over all workers. The first workers get the remainder.
 * @param total 0 or more
 * @param worker counted from 0
 */
export const shareOf = (total: number, worker: number, workers: number): number =>
  Math.floor(total / workers) + (worker < total % workers ? 1 : 0);
