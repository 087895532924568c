import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import loadWabt from "wabt";

const text = fileURLToPath(new URL("../../src/ingest/special-bytes.wat", import.meta.url));

/** The module that `src/ingest/special-bytes-wasm.ts` has to be, made from the kernel's text. */
export async function compileKernel(): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.parseWat("special-bytes.wat", readFileSync(text, "utf8"), { simd: true });
  try {
    module.validate();
    const base64 = Buffer.from(module.toBinary({}).buffer).toString("base64");
    return [
      "/** special-bytes.wat as WebAssembly, in base64. Written by `npm run kernel`. */",
      "export const specialBytesWasm =",
      `  "${base64}";\n`,
    ].join("\n");
  } finally {
    module.destroy();
  }
}
