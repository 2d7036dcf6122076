/** Rows of a table in bins of neighbouring values; every value lies in one bin. */
export interface Bins {
  /** Row indices by bin, lowest values first. */
  readonly rows: readonly Uint32Array[];
  /** Lowest and highest value of each bin. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** Row indices, lowest value first; equal values in the order of the rows. */
export function sortRows(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values, (_, row) => row);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/**
 * At most `count` quantile bins. Equal values share a bin, so bins may be uneven, or fewer.
 * @param order rows as {@link sortRows} gives them
 */
export function quantileBins(values: Float64Array, order: Uint32Array, count: number): Bins {
  const starts: number[] = [];
  let bin = -1;
  for (let first = 0; first < order.length;) {
    const next = endOfTie(values, order, first);
    const wanted = Math.floor((count * (first + next)) / (2 * order.length));
    if (wanted > bin) starts.push(first);
    bin = Math.max(bin, wanted);
    first = next;
  }
  const rows = starts.map((start, index) => order.subarray(start, starts[index + 1] ?? order.length));
  const ranges = rows.map((part) => ({
    from: values[part[0] ?? 0] ?? 0,
    to: values[part[part.length - 1] ?? 0] ?? 0,
  }));
  return { rows, ranges };
}

function endOfTie(values: Float64Array, order: Uint32Array, first: number): number {
  const value = values[order[first] ?? 0];
  let next = first + 1;
  while (next < order.length && values[order[next] ?? 0] === value) next++;
  return next;
}

/** How many different values there are. */
export function countDistinct(values: Float64Array, order: Uint32Array): number {
  let distinct = 0;
  for (let first = 0; first < order.length; first = endOfTie(values, order, first)) distinct++;
  return distinct;
}
