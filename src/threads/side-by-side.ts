/**
 * Works on two things at once. When one fails, or `stop` is aborted, both are told by the signal they are given, and both
 * are waited for: what they use must not go while one still uses it. Rejects with the first failure.
 */
export async function workSideBySide<First, Second>(
  stop: AbortSignal,
  first: (stop: AbortSignal) => Promise<First>,
  second: (stop: AbortSignal) => Promise<Second>,
): Promise<[First, Second]> {
  const failed = new AbortController();
  const either = AbortSignal.any([stop, failed.signal]);
  const watch = async <Result>(work: (stop: AbortSignal) => Promise<Result>): Promise<Result> => {
    try {
      return await work(either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const works = [watch(first), watch(second)] as const;
  await Promise.allSettled(works);
  failed.signal.throwIfAborted();
  return await Promise.all(works);
}
