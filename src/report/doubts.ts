import type { Metrics } from "./metrics.js";

/** What makes a delivery that was read look unlike a whole one, in both languages. */
export interface Doubt {
  readonly name: string;
  readonly doubt: { readonly vi: string; readonly en: string };
}

const noRecords = { vi: "không có bản ghi nào", en: "it has no records" };
const cutShort = {
  vi: "dòng cuối không có dấu xuống dòng: tệp có thể bị cắt cụt",
  en: "its last line has no line break: it may have been cut short",
};

/** The deliveries of a run that somebody should look at, in the order of its files. */
export function listDoubts({ files }: Pick<Metrics, "files">): Doubt[] {
  return files.flatMap(({ name, records, isWhole }) => [
    ...(records === 0 ? [{ name, doubt: noRecords }] : []),
    ...(isWhole || records === 0 ? [] : [{ name, doubt: cutShort }]),
  ]);
}
