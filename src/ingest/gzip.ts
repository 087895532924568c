import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { copyPrivately } from "../storage/private-copy.js";
import { RefusedFile } from "./refused-file.js";

export interface ExpansionLimits {
  readonly maxExpandedBytes: number;
  readonly maxExpansionRatio: number;
}

/** Below this a high ratio harms nobody, and small repetitive files are legitimate. */
const ratioFloorBytes = 65_536;

/** Throws RefusedFile when `expanded` bytes from `packed` are more than the pipeline allows. */
export function checkExpansion(packed: number, expanded: number, limits: ExpansionLimits): void {
  if (expanded > limits.maxExpandedBytes) {
    throw new RefusedFile(
      `the file expands to more than ${limits.maxExpandedBytes} bytes; expected less. Deliver it in parts, or raise rules.limits.maxExpandedBytes`,
      `Tệp giải nén ra hơn ${limits.maxExpandedBytes} byte. Hãy chia tệp thành nhiều phần, hoặc tăng rules.limits.maxExpandedBytes.`,
    );
  }
  if (expanded > ratioFloorBytes && expanded > packed * limits.maxExpansionRatio) {
    throw new RefusedFile(
      `the file expands to more than ${limits.maxExpansionRatio} times its size; expected an export. Check where it comes from, or raise rules.limits.maxExpansionRatio`,
      `Tệp giải nén ra hơn ${limits.maxExpansionRatio} lần cỡ của nó. Hãy kiểm tra nguồn gốc của tệp, hoặc tăng rules.limits.maxExpansionRatio.`,
    );
  }
}

/**
 * Writes what a gzip file (one or more members) holds to `target`. Throws RefusedFile when it is truncated, corrupt,
 * followed by something else, or larger than allowed; `target` is then of no use.
 */
export async function expandGzip(source: string, target: string, limits: ExpansionLimits): Promise<void> {
  const packed = (await stat(source)).size;
  let expanded = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      expanded += chunk.length;
      try {
        checkExpansion(packed, expanded, limits);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    await copyPrivately(source, target, [createGunzip(), counter]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) {
      throw new RefusedFile(
        `the gzip data is damaged or cut short (${code}); expected a whole file. Deliver it again`,
        `Tệp nén gzip bị hỏng hoặc bị cắt cụt (${code}). Hãy gửi lại tệp nguyên vẹn.`,
      );
    }
    throw error;
  }
}
