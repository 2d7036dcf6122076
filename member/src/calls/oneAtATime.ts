const underWay = new Map<string, Promise<unknown>>();

/** Does a thing once nobody in this process does it under the same key. */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = underWay.get(key);
  const turn = (before ?? Promise.resolve()).then(work, work);
  underWay.set(key, turn);
  try {
    return await turn;
  } finally {
    if (underWay.get(key) === turn) underWay.delete(key);
  }
}
