/** Compiles the scanner's kernel: `npm run kernel`, after every change of `src/ingest/special-bytes.wat`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileKernel } from "./compile-kernel.js";

const module = fileURLToPath(new URL("../../src/ingest/special-bytes-wasm.ts", import.meta.url));
writeFileSync(module, await compileKernel());
