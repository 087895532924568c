/**
 * Runs `work` over the items, at most `width` at once, and hands each result to `take` in the items' order; what is
 * not taken yet is never more than `width` results. Throws the reason of `stop`, if there is
 * one, before the next item once it is aborted.
 */
export async function mapInOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  stop: AbortSignal | null,
  work: (item: Item, position: number) => Promise<Result>,
  take: (result: Result, item: Item, position: number) => void | Promise<void>,
): Promise<void> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  try {
    for (const [position, item] of items.entries()) {
      stop?.throwIfAborted();
      while (next < items.length && underWay.length < width) {
        const started = work(items[next] as Item, next);
        // Awaited in its turn; an earlier failure must not leave it unheard.
        started.catch(() => {});
        underWay.push(started);
        next++;
      }
      await take(await (underWay.shift() as Promise<Result>), item, position);
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
