import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The folder of the checkout that is measured. */
export const root = path.join(import.meta.dirname, "..");

/** The built command line of a checkout. */
export function locateCli(checkout = root): string {
  return path.join(checkout, "dist/cli/main.js");
}

/** Compiles the programs of this folder that are measured, as lamsach is compiled. */
export function compileScripts(): void {
  execFileSync(process.execPath, [
    path.join(root, "node_modules/typescript/bin/tsc"),
    ...["-p", path.join(root, "bench/tsconfig.json")],
  ]);
}

/** Where `compileScripts` puts `bench/<name>.ts`. */
export function locateScript(name: string): string {
  return path.join(root, "node_modules/.cache/lamsach-bench", `${name}.js`);
}

/** Version of an installed package; of lamsach itself by its own name. */
export function readVersion(name: string): string {
  const folder = name === "lamsach" ? root : path.join(root, "node_modules", name);
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).version;
}
