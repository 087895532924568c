import { describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { createLogger, createSystemEffects, readLogLevel } from "./system-effects.js";

// A number nobody has: 000 as the place, all nines behind it.
const canary = "000999999999";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger("debug", { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("createLogger(level, stream)", () => {
  it("lets allow-listed fields through and drops the others", () => {
    const [line] = logged((log) =>
      log.info({ shard: 3, rows: 10, full_name: canary, row: [canary] }, "assessed"),
    );
    expect(line).toEqual({ level: "info", time: expect.any(String), shard: 3, rows: 10, msg: "assessed" });
  });

  it("drops objects even under an allowed name, and bindings of children", () => {
    const lines = logged((log) => {
      log.info({ source: { name: canary } }, "read");
      log.child({ citizen_id: canary, run: "r1" }).info("begun");
    });
    expect(JSON.stringify(lines)).not.toContain(canary);
    expect(lines[1]).toMatchObject({ run: "r1", msg: "begun" });
  });

  it.each([
    ["error first", (log: ReturnType<typeof createLogger>, error: Error) => log.error(error)],
    ["error first with text", (log: ReturnType<typeof createLogger>, error: Error) => log.error(error, "no")],
    ["error as err", (log: ReturnType<typeof createLogger>, error: Error) => log.error({ err: error })],
    [
      "error as a field",
      (log: ReturnType<typeof createLogger>, error: Error) => log.error({ run: "r", e: error }, "no"),
    ],
  ])("keeps the message of a foreign error out: %s", (_name, write) => {
    const error = Object.assign(new TypeError(`bad value ${canary}`), { code: "CSV_X", record: [canary] });
    const lines = logged((log) => write(log, error));
    expect(JSON.stringify(lines)).not.toContain(canary);
    expect(lines).toHaveLength(1);
  });

  it("keeps the code, the places and a message of our own", () => {
    const foreign = Object.assign(new TypeError(canary), { code: "CSV_X" });
    const own = new LamsachError(exitCodes.input, "a.csv: this is empty; expected rows.");
    const lines = logged((log) => {
      log.error({ err: foreign }, "failed");
      log.error({ err: own }, "failed");
    });
    expect(lines[0]?.err).toMatchObject({ type: "TypeError", code: "CSV_X" });
    expect(JSON.stringify(lines[0])).toMatch(/system-effects\.test\.ts:\d+:\d+/);
    expect(lines[1]?.err).toMatchObject({ message: own.message, exitCode: 3 });
  });
});

describe("readLogLevel(text)", () => {
  it("is warn unless said", () => {
    expect([readLogLevel(undefined), readLogLevel(""), readLogLevel("debug")]).toEqual([
      "warn",
      "warn",
      "debug",
    ]);
  });

  it("refuses a level that is not known", () => {
    expect(() => readLogLevel("loud")).toThrow(LamsachError);
  });
});

describe("createSystemEffects()", () => {
  it("gives a wall clock and a clock that only goes forward", () => {
    const effects = createSystemEffects({ level: "silent" });
    const before = effects.elapsedMs();
    expect(effects.now().getTime()).toBeGreaterThan(Date.UTC(2023, 0, 1));
    expect(effects.elapsedMs()).toBeGreaterThanOrEqual(before);
    expect(effects.log.level).toBe("silent");
  });
});
