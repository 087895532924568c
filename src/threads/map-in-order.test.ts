import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInOrder } from "./map-in-order.js";

const never = new AbortController().signal;

/** Work that the test finishes by hand, in any order. */
function makeTasks(count: number): {
  finish: (position: number) => void;
  work: (item: number) => Promise<number>;
} {
  const resolvers: (() => void)[] = [];
  const promises = Array.from(
    { length: count },
    () => new Promise<void>((resolve) => resolvers.push(resolve)),
  );
  return {
    finish: (position) => resolvers[position]?.(),
    work: async (item) => {
      await promises[item];
      return item * 10;
    },
  };
}

/** Until everything that can go on has gone on. */
const settle = (): Promise<void> => wait(0);

describe("mapInOrder(items, width, stop, work, take)", () => {
  it("hands the results over in the items' order, in whatever order they come", async () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 });
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 1, max: 9 }), async (finishing, width) => {
        const { finish, work } = makeTasks(7);
        const taken: number[][] = [];
        const done = mapInOrder([0, 1, 2, 3, 4, 5, 6], width, never, work, (...args) => {
          taken.push(args);
        });
        for (const position of finishing) {
          finish(position);
          await settle();
        }
        await done;
        expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6].map((item) => [item * 10, item, item]));
      }),
      { numRuns: 30 },
    );
  });

  it("has no more than `width` results begun and not taken", async () => {
    let open = 0;
    let most = 0;
    const { finish, work } = makeTasks(10);
    const done = mapInOrder(
      Array.from({ length: 10 }, (_, n) => n),
      3,
      never,
      (item) => {
        most = Math.max(most, ++open);
        return work(item);
      },
      async () => {
        await settle();
        open--;
      },
    );
    for (let position = 9; position >= 0; position--) finish(position);
    await done;
    expect(most).toBe(3);
    expect(open).toBe(0);
  });

  it("waits for what is under way, then fails with the first failure in the items' order", async () => {
    const { finish, work } = makeTasks(4);
    const ended: number[] = [];
    const done = mapInOrder(
      [0, 1, 2, 3],
      4,
      never,
      async (item) => {
        await work(item);
        ended.push(item);
        if (item === 1 || item === 3) throw new Error(`item ${item}`);
        return item;
      },
      () => {},
    );
    const outcome = done.then(
      () => "done",
      (error: Error) => error.message,
    );
    for (const position of [3, 0, 1]) {
      finish(position);
      await settle();
    }
    expect(ended).toEqual([3, 0, 1]);
    let isSettled = false;
    void outcome.then(() => {
      isSettled = true;
    });
    await settle();
    expect(isSettled).toBe(false);
    finish(2);
    expect(await outcome).toBe("item 1");
    expect(ended).toEqual([3, 0, 1, 2]);
  });

  it("begins nothing more once taking has failed", async () => {
    const begun: number[] = [];
    const done = mapInOrder(
      [0, 1, 2, 3, 4, 5],
      2,
      never,
      async (item) => {
        begun.push(item);
        return item;
      },
      (result) => {
        if (result === 1) throw new Error("no room");
      },
    );
    await expect(done).rejects.toThrow("no room");
    expect(begun).toEqual([0, 1, 2]);
  });

  it("stops before the next item when it is told to", async () => {
    const controller = new AbortController();
    const taken: number[] = [];
    const done = mapInOrder(
      [0, 1, 2, 3],
      2,
      controller.signal,
      async (item) => item,
      (result) => {
        taken.push(result);
        if (result === 1) controller.abort(new Error("SIGTERM"));
      },
    );
    await expect(done).rejects.toThrow("SIGTERM");
    expect(taken).toEqual([0, 1]);
  });

  it("does nothing for nothing", async () => {
    const work = (): Promise<never> => Promise.reject(new Error("there is no item"));
    await expect(mapInOrder([], 3, never, work, () => {})).resolves.toBeUndefined();
  });
});
