import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { workSideBySide } from "./side-by-side.js";

const never = new AbortController().signal;

/** Waits until it is told to stop, and then for a while, as what ends its work. */
async function workUntilStopped(stop: AbortSignal, ended: string[]): Promise<never> {
  while (!stop.aborted) await setTimeout(1);
  await setTimeout(5);
  ended.push("ended");
  throw stop.reason;
}

describe("workSideBySide(stop, first, second)", () => {
  it("gives both results", async () => {
    const both = workSideBySide(
      never,
      async () => setTimeout(5, 1),
      async () => "b",
    );
    expect(await both).toEqual([1, "b"]);
  });

  it.each(["first", "second"])("tells the other one when the %s fails, and waits for it", async (which) => {
    const ended: string[] = [];
    const failure = new Error("failed");
    const fail = async (): Promise<never> => {
      await setTimeout(2);
      throw failure;
    };
    const wait = (stop: AbortSignal): Promise<never> => workUntilStopped(stop, ended);
    const both = which === "first" ? workSideBySide(never, fail, wait) : workSideBySide(never, wait, fail);
    await expect(both).rejects.toBe(failure);
    expect(ended).toEqual(["ended"]);
  });

  it("tells both of a stop, and waits for both", async () => {
    const ended: string[] = [];
    const stop = new AbortController();
    const wait = (signal: AbortSignal): Promise<never> => workUntilStopped(signal, ended);
    const both = workSideBySide(stop.signal, wait, wait);
    const reason = new Error("stopped");
    stop.abort(reason);
    await expect(both).rejects.toBe(reason);
    expect(ended).toEqual(["ended", "ended"]);
  });
});
