import type { CallOptions } from './calls.js';

/** One page of a list. */
export interface Page<T> {
  /** In the order of their keys; a page may be shorter than was asked for. */
  readonly items: readonly T[];
  /** Empty after the last page. */
  readonly bookmark: string;
}

/** A list method; its input may be left out where every field of it may be. */
export type ListMethod<I, T> =
  | ((input?: I, options?: CallOptions) => Promise<Page<T>>)
  | ((input: I, options?: CallOptions) => Promise<Page<T>>);

/**
 * Walks a list method page by page: `for await (const couple of everyPage(market.couples.list, { state: 'approved' }))`.
 * Errors are those of the method.
 */
export async function* everyPage<
  I extends {
    /** Where to begin; the first page if absent or empty. */
    bookmark?: string | undefined;
  },
  T,
>(list: ListMethod<I, T>, input: I, options?: CallOptions): AsyncGenerator<T, void, undefined> {
  let bookmark = input.bookmark ?? '';
  do {
    const page = await list(bookmark === '' ? input : { ...input, bookmark }, options);
    yield* page.items;
    bookmark = page.bookmark;
  } while (bookmark !== '');
}
