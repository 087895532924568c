import type { Fault } from "./fault-run.js";

/** One way in which storage fails; `sample` are the calls at which the usual tests let it, of all. */
export interface StorageFault extends Omit<Fault, "nth"> {
  readonly name: string;
  readonly sample: readonly number[];
}

/** What a disk does to a run. */
export const storageFaults: readonly StorageFault[] = [
  {
    name: "no space left",
    calls: ["create", "write", "mkdir", "fsync"],
    code: "ENOSPC",
    isLasting: true,
    sample: [40],
  },
  { name: "no space for a moment", calls: ["write"], code: "ENOSPC", sample: [] },
  { name: "a write that the disk does not make durable", calls: ["fsync"], code: "EIO", sample: [30] },
  { name: "a close that fails", calls: ["close"], code: "EIO", sample: [] },
  { name: "a read that fails", calls: ["read"], code: "EIO", sample: [] },
  { name: "too many open files", calls: ["open", "create"], code: "EMFILE", sample: [25] },
  { name: "no permission", calls: ["create", "mkdir", "rename"], code: "EACCES", sample: [] },
  {
    name: "a disk that turned read-only",
    calls: ["create", "mkdir", "rename", "remove", "write"],
    code: "EROFS",
    isLasting: true,
    sample: [15],
  },
  { name: "a file that cannot be looked at", calls: ["stat"], code: "EIO", sample: [] },
  { name: "a rename that fails", calls: ["rename"], code: "EIO", sample: [] },
  { name: "a file that cannot be removed", calls: ["remove"], code: "EACCES", sample: [4] },
];
