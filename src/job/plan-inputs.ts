import { statSync } from "node:fs";
import { type Control, readControl, requireDigest } from "../ingest/control-file.js";
import { inspectFile } from "../ingest/delivered-file.js";
import type { Input } from "../ingest/find-inputs.js";
import { type Reason, RefusedFile } from "../ingest/refused-file.js";
import type { Refusal } from "../ingest/source.js";
import type { Pipeline } from "../pipeline/pipeline.js";

/** One delivered file, known by its content. */
export interface PlannedInput {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** `stampFile` when it was planned. */
  readonly stamp: string;
  /** What the sender says of it; null when nothing is said, or nobody asks. */
  readonly control: Control | { readonly fault: Reason } | null;
}

/** Takes the content's fingerprint of a delivered file with `hashFile`; a Refusal when there is no file to be read. */
export async function planInput(
  { name, path }: Input,
  { control }: Pipeline["deliveries"],
  hashFile: (path: string) => Promise<string>,
): Promise<PlannedInput | Refusal> {
  try {
    const { size: bytes } = inspectFile(path);
    return {
      ...{ name, path, bytes, stamp: stampFile(path), sha256: await hashFile(path) },
      control: control === "ignored" ? null : findControl(path),
    };
  } catch (error) {
    if (error instanceof RefusedFile) return { name, path, reason: error.reason, reasonVi: error.reasonVi };
    throw error;
  }
}

/** Why a delivery is refused by what its control file says of it, before it is read; null when it is not. */
export function findControlFault(
  { control, sha256 }: PlannedInput,
  { control: rule }: Pipeline["deliveries"],
): Reason | null {
  if (control === null) {
    if (rule !== "required") return null;
    return {
      reason:
        "there is no control file beside it; expected one (deliveries.control of the pipeline). Deliver it again",
      reasonVi:
        "Không có tệp kiểm soát đi kèm (deliveries.control của quy trình). Hãy gửi lại kèm tệp kiểm soát.",
    };
  }
  if ("fault" in control) return control.fault;
  try {
    requireDigest(control, sha256);
    return null;
  } catch (error) {
    if (error instanceof RefusedFile) return error;
    throw error;
  }
}

/**
 * What tells that a file is still the one that was planned, without reading it. Anybody may set the time of its content
 * back (`touch`, `cp -p`, `rsync`), nobody that of its inode.
 */
export function stampFile(file: string): string {
  const { size, ctimeNs, mtimeNs, dev, ino } = statSync(file, { bigint: true });
  return [size, ctimeNs, mtimeNs, dev, ino].join(" ");
}

function findControl(delivery: string): PlannedInput["control"] {
  try {
    return readControl(delivery);
  } catch (error) {
    if (error instanceof RefusedFile) return { fault: error };
    throw error;
  }
}
