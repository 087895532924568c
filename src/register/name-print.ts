import { createHash } from "node:crypto";
import { createNameHasher } from "./register-row.js";

/** Invented names that between them touch every rule of the standard form and of both hashes. */
const probes = [
  "NGUYỄN VĂN HÙNG",
  "Trần Thị Hoà",
  "trần thị hòa",
  "Lê Thuý Uyên",
  "Phạm Quý Đôn",
  "H'Hen Niê",
  "  Đặng   Ngọc-Ánh ",
  "Ho\u0300a Bi\u0300nh",
  "Ưng Hoè",
  "Võ Thị Ngân.",
  "José Müller",
  "Y Bhăm Êban 2",
];

let print: string | undefined;

/**
 * Fingerprint of how this version turns names into index hashes. A register keeps the print it was built with: its
 * hashes mean nothing to a version that makes others, and every name would then seem different.
 */
export function printNameRules(): string {
  if (print === undefined) {
    const hash = createNameHasher();
    const row = { fullName: "", markedHash: 0, foldedHash: 0 };
    const lines = probes.map((fullName) => {
      row.fullName = fullName;
      return `${hash(row)} ${row.markedHash} ${row.foldedHash}`;
    });
    print = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
  }
  return print;
}
