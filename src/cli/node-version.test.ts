import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explainUnfitNode } from "./node-version.js";

describe("explainUnfitNode", () => {
  it.each(["20.20.0", "20.21.3", "22.0.0", "23.1.0", "25.9.0", "26.12.1", "30.0.0"])(
    "has nothing against %s",
    (version) => {
      expect(explainUnfitNode(version)).toBeNull();
    },
  );

  it.each(["24.0.0", "24.18.1", "24.21.0"])("says what a run would meet on %s", (version) => {
    expect(explainUnfitNode(version)).toBe(
      `${version}; expected another than 24, on which the SQLite module aborts in the middle of a run. Install Node 22 or 26, then run: npm ci`,
    );
  });

  it.each(["18.20.8", "19.9.0", "20.19.5"])("asks for a newer one than %s", (version) => {
    expect(explainUnfitNode(version)).toBe(
      `${version}; expected 20.20 or newer. Install Node 22 or 26, then run: npm ci`,
    );
  });

  it("agrees with what npm asks for", () => {
    const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      engines: { node: string };
    };
    expect(engines.node).toBe(">=20.20 <24 || >=25");
  });
});
