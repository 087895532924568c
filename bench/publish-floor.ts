/**
 * The floor for anything that publishes what lamsach does. On two threads it reads the input and takes its SHA-256, and
 * writes a file of the same size beside each that a run has published, takes its SHA-256 and syncs it. It looks at no
 * record: every byte it writes comes from one buffer. As a run does, it writes past the page cache where that is possible.
 *
 * publish-floor <input> <folder that the run was published into> <folder to write to>
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";

/** A file to hash; to be written before, when `target` is given. */
interface FloorTask {
  readonly bytes: number;
  readonly source: string;
  readonly target: string | null;
}

const blockBytes = 1 << 20;

if (isMainThread) startThreads();
else for (const task of workerData as readonly FloorTask[]) perform(task);

function startThreads(): void {
  const [input = "", run = "", out = ""] = process.argv.slice(2);
  mkdirSync(out);
  // What begins with a dot is the run's own workplace.
  const published = readdirSync(run, { recursive: true, encoding: "utf8" }).filter(
    (name) => !name.startsWith(".") && statSync(path.join(run, name)).isFile(),
  );
  const tasks: FloorTask[] = [
    { bytes: statSync(input).size, source: input, target: null },
    ...published.map((name, at) => {
      const source = path.join(run, name);
      return { bytes: statSync(source).size, source, target: path.join(out, String(at)) };
    }),
  ];
  for (const share of shareOut(tasks)) new Worker(new URL(import.meta.url), { workerData: share });
}

/** Two shares of about the same number of bytes. */
function shareOut(tasks: readonly FloorTask[]): readonly FloorTask[][] {
  const shares = [0, 1].map(() => ({ bytes: 0, tasks: [] as FloorTask[] }));
  for (const task of [...tasks].sort((a, b) => b.bytes - a.bytes)) {
    const [less] = shares.sort((a, b) => a.bytes - b.bytes);
    if (less === undefined) break;
    less.bytes += task.bytes;
    less.tasks.push(task);
  }
  return shares.map((share) => share.tasks);
}

function perform({ bytes, source, target }: FloorTask): void {
  const hash = createHash("sha256");
  const block = takePages(blockBytes);
  const file = openSync(source, "r");
  readSync(file, block);
  const copy = target === null ? null : openSync(target, "w", 0o600);
  const direct = target === null ? null : openDirectly(target);
  for (let done = 0; done < bytes; done += blockBytes) {
    const length = Math.min(blockBytes, bytes - done);
    if (copy === null) readSync(file, block, 0, length, done);
    else writeSync(length === blockBytes && direct !== null ? direct : copy, block, 0, length, done);
    hash.update(block.subarray(0, length));
  }
  if (direct !== null) closeSync(direct);
  if (copy !== null) {
    fsyncSync(copy);
    closeSync(copy);
  }
  closeSync(file);
  hash.digest();
}

/** Null where there is no way past the page cache. */
function openDirectly(file: string): number | null {
  try {
    return constants.O_DIRECT === undefined ? null : openSync(file, constants.O_WRONLY | constants.O_DIRECT);
  } catch {
    return null;
  }
}

/** Memory that begins at a page, as a way past the page cache asks for. */
function takePages(bytes: number): Uint8Array {
  const { WebAssembly } = globalThis as unknown as {
    readonly WebAssembly: {
      readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
    };
  };
  return new Uint8Array(new WebAssembly.Memory({ initial: bytes >> 16 }).buffer);
}
