import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { hearSignals } from "./stop-signals.js";

const moduleUrl = JSON.stringify(new URL("./stop-signals.ts", import.meta.url).href);
/** Work that hears of the signal and never comes to a safe place. */
const endlessWork = `
  const { createStopCatcher } = await import(${moduleUrl});
  const catchStop = createStopCatcher();
  catchStop();
  catchStop().addEventListener("abort", ({ target }) => console.log(target.reason.exitCode));
  setInterval(() => {}, 1000);
  console.log("at work");`;

/** Sends the signals, each when the process has answered the one before; gives what it said, and its exit code. */
async function signalWork(...signals: readonly NodeJS.Signals[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", endlessWork], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (text: Buffer) => said.push(text.toString()));
  const closed = once(child, "close");
  for (const signal of signals) {
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    said.push(text.toString());
    child.kill(signal);
  }
  const [code] = (await closed) as [number | null];
  return { code, said: said.join("") };
}

describe.concurrent("createStopCatcher()", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends work that does not end by itself: %s", async (signal, code) => {
    expect(await signalWork(signal)).toEqual({
      code,
      said: `at work\nlamsach: stopped by ${signal}; the same command goes on from here.\n`,
    });
  });

  it("ends at once on the second signal", async () => {
    expect(await signalWork("SIGINT", "SIGTERM")).toEqual({ code: 143, said: "at work\n130\n" });
  });
});

describe("hearSignals()", () => {
  it("lets a signal in that came between answers that are taken one after the other", async () => {
    const heard = new AbortController();
    process.once("SIGUSR2", () => heard.abort());
    process.kill(process.pid, "SIGUSR2");
    for (let answer = 0; answer < 100; answer++) await Promise.resolve();
    expect(heard.signal.aborted).toBe(false);
    await hearSignals();
    expect(heard.signal.aborted).toBe(true);
  });
});
