/**
 * Runs a task for each item with limited concurrency, which is faster on a network than one after another.
 * @returns the results, in the order of the items
 * @throws the first failure; no task begins after it
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const [at, item] of left) {
      if (hasFailed) return;
      try {
        results[at] = await act(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}
