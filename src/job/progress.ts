import { Presets, SingleBar } from "cli-progress";
import type { Effects } from "../effects.js";

/** How far a run is, for whoever watches; never part of the log. */
export interface Progress {
  show(phase: string, done: number, all: number): void;
  close(): void;
}

const plainLineEveryMs = 10_000;

/** A bar on a terminal; elsewhere a plain line on stderr every ten seconds, so that logs under cron stay readable. */
export function createProgress(effects: Pick<Effects, "isInteractive" | "elapsedMs" | "stderr">): Progress {
  if (!effects.isInteractive) {
    let last = effects.elapsedMs();
    return {
      show: (phase, done, all) => {
        if (effects.elapsedMs() - last < plainLineEveryMs) return;
        last = effects.elapsedMs();
        effects.stderr(`${phase}: ${done} of ${all} shards\n`);
      },
      close: () => {},
    };
  }
  const bar = new SingleBar(
    { format: "{phase} {bar} {value}/{total} shards", clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  let isShown = false;
  return {
    show: (phase, done, all) => {
      if (!isShown) bar.start(all, done, { phase });
      else bar.update(done, { phase });
      isShown = true;
    },
    close: () => {
      if (isShown) bar.stop();
    },
  };
}
