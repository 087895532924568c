import { readFileSync, type Stats, statSync } from "node:fs";
import { z } from "zod";
import { RefusedFile } from "./refused-file.js";

/** What a sender says of a delivery in the file beside it. */
export interface Control {
  /** Data rows: what follows the header, without blank lines. */
  readonly rows?: number;
  /** Of the delivered file, lower-case hexadecimal. */
  readonly sha256?: string;
}

/** What the name of a control file ends in, after the whole name of its delivery. */
export const controlSuffix = ".control.json";

/** A control file holds two short values. */
const maxControlBytes = 4096;

const controlSchema = z
  .strictObject({
    rows: z.int().nonnegative().exactOptional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .toLowerCase()
      .exactOptional(),
  })
  .refine(({ rows, sha256 }) => rows !== undefined || sha256 !== undefined);

/** Reads the control file beside a delivery; null when there is none. Throws RefusedFile when it is none that can be read. */
export function readControl(delivery: string): Control | null {
  const file = `${delivery}${controlSuffix}`;
  const facts = findFile(file);
  if (facts === undefined) return null;
  if (facts.isFile() && facts.size <= maxControlBytes) {
    const control = controlSchema.safeParse(parseJson(file));
    if (control.success) return control.data;
  }
  throw new RefusedFile(
    'its control file cannot be used; expected {"rows": <data rows>, "sha256": "<64 hexadecimal digits>"} or one of the two. Deliver it again',
    'Tệp kiểm soát đi kèm không dùng được; cần {"rows": <số dòng dữ liệu>, "sha256": "<64 chữ số thập lục phân>"} hoặc một trong hai. Hãy gửi lại.',
  );
}

/** The delivery must be the file that its control file speaks of. Throws RefusedFile. */
export function requireDigest({ sha256 }: Control, found: string): void {
  if (sha256 === undefined || sha256 === found) return;
  throw new RefusedFile(
    "its SHA-256 is not the one in its control file; expected the file that was sent. Deliver both again",
    "Mã SHA-256 của tệp khác với tệp kiểm soát: đây không phải tệp đã gửi. Hãy gửi lại cả hai.",
  );
}

/** Beside a delivery whose name is as long as names may be there can be no file with a longer one. */
function findFile(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENAMETOOLONG") return undefined;
    throw error;
  }
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
