/** The floor for anything that reads the file in Node: finds every line end, in 1 MiB reads, and prints how many. */
import { closeSync, openSync, readSync } from "node:fs";

const file = openSync(process.argv[2] ?? "", "r");
const buffer = Buffer.allocUnsafe(1 << 20);
let lines = 0;
for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
  const chunk = buffer.subarray(0, read);
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
}
closeSync(file);
console.log(`${lines} lines`);
