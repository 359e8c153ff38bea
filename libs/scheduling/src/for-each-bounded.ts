/**
 * Runs the task for every item, at most `limit` at a time, in the order of the items.
 *
 * After the first failure, or once the signal is aborted, no further task starts; those under way are waited for, so
 * that nothing continues behind the caller's back.
 *
 * @throws the first failure, or the signal's reason
 */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  limit: number,
  signal: AbortSignal,
  task: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && failures.length === 0; next = queue.next()) {
      try {
        signal.throwIfAborted();
        await task(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failures.length > 0) throw failures[0];
}
