import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of a test of the product is a child process: one worker alone leaves a processor idle between them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "rooms",
          include: ["src/**/*.test.ts", "bench/**/*.test.ts"],
          // No file here leaves anything changed for the others, so each module is loaded once and not by every file.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "product",
          include: ["test/**/*.test.ts"],
          // Nights are killed, stopped and starved here, on machines that others use too: what fails twice has failed.
          retry: 1,
        },
      },
    ],
  },
});
