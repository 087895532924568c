import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = "src/kernel/assembly/index.ts";

/** The module that `src/kernel/kernel-wasm.ts` has to be, made from the kernel's source. Throws what the compiler says. */
export async function compileKernel(): Promise<string> {
  const binary = "kernel.wasm";
  let compiled: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [
      ...[entry, "--baseDir", root, "--outFile", binary],
      ...["--runtime", "stub", "--optimizeLevel", "3", "--noAssert", "--enable", "simd"],
      // Nothing of the compiler's own lies in the memory: the layout begins above it.
      ...["--memoryBase", "1024", "--initialMemory", "356"],
    ],
    {
      writeFile: (name, contents) => {
        if (name === binary && typeof contents !== "string") compiled = contents;
      },
    },
  );
  if (error !== null || compiled === null) throw new Error(`${entry}: ${stderr.toString()}`);
  return [
    "/** src/kernel/assembly as WebAssembly, in base64. Written by `npm run kernel`. */",
    "export const kernelWasm =",
    `  "${Buffer.from(compiled).toString("base64")}";\n`,
  ].join("\n");
}
