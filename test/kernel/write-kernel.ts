/** Compiles the kernel: `npm run kernel`, after every change in `src/kernel/assembly`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileKernel } from "./compile-kernel.js";

const module = fileURLToPath(new URL("../../src/kernel/kernel-wasm.ts", import.meta.url));
writeFileSync(module, await compileKernel());
