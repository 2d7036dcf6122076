/**
 * A worker's part of what all workers do together. The first workers get what does not divide.
 * @param total 0 or more
 * @param worker counted from 0
 */
export const shareOf = (total: number, worker: number, workers: number): number =>
  Math.floor(total / workers) + (worker < total % workers ? 1 : 0);
