/**
 * Does something for each item, for so many at a time, which a network takes in less time than one after the other.
 * @returns the results, in the order of the items
 * @throws what the first failure threw; nothing is begun after it
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
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
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}
