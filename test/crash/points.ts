import { type KillPoint, killPoints } from "../../src/storage/kill-point.js";

/** Reached only by a night that goes on from one that was killed. */
export const recoveryPoints: readonly KillPoint[] = ["lost-run-tidied", "lost-run-noted", "shard-resumed"];

/** Reached only by a night that a gate withholds. */
export const withheldPoints: readonly KillPoint[] = ["withheld-report-written"];

/** Reached by the build of a register. */
export const registerPoints = killPoints.filter((name) => name.startsWith("register-"));

const elsewhere: readonly KillPoint[] = [...recoveryPoints, ...withheldPoints, ...registerPoints];

/** Every other one: reached by any night that publishes. */
export const nightPoints = killPoints.filter((name) => !elsewhere.includes(name));
