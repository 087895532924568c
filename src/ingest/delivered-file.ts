import { accessSync, constants, type Stats, statSync } from "node:fs";
import { RefusedFile } from "./refused-file.js";

/** What the system answers when a delivery, and not the machine, is in the way. */
const refusals: ReadonlySet<string> = new Set(["EACCES", "ELOOP", "ENAMETOOLONG", "ENOTDIR", "EPERM"]);

/**
 * The facts of a delivered file. Throws RefusedFile when it is no regular file that may be read; looks before anything
 * is opened, since a FIFO would wait for ever.
 */
export function inspectFile(file: string): Stats {
  let facts: Stats;
  try {
    facts = statSync(file);
    if (facts.isFile()) accessSync(file, constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (code === "ENOENT")
      throw new RefusedFile(
        "the file does not exist; expected one. Correct the pipeline's inputs",
        "Tệp không tồn tại. Hãy kiểm tra mục inputs của quy trình.",
      );
    if (!refusals.has(code)) throw error;
    throw new RefusedFile(
      `the file cannot be read (${code}); expected a readable file. Correct its permissions`,
      `Tệp không đọc được (${code}). Hãy kiểm tra quyền truy cập của tệp.`,
    );
  }
  if (facts.isFile()) return facts;
  if (facts.isDirectory())
    throw new RefusedFile(
      "this is a folder; expected a file. For all files of a folder write <folder>/*.csv",
      "Đây là thư mục, không phải tệp. Muốn lấy mọi tệp của thư mục, hãy ghi <thư mục>/*.csv.",
    );
  throw new RefusedFile(
    "this is no regular file; expected an export. Correct the pipeline's inputs",
    "Đây không phải tệp thông thường. Hãy kiểm tra mục inputs của quy trình.",
  );
}
