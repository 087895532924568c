import { findingCatalogue } from "../judge/finding-catalogue.js";
import { formatCount, formatDay, formatPercent, type Language } from "./figures.js";
import type { Cause } from "./metrics.js";
import { percentOf } from "./percentages.js";
import { showLabel } from "./visible-text.js";

/** A cause in words: what is so, with its evidence, and who puts it right. Plain text, to be escaped where it is shown. */
export interface CauseSentences {
  readonly vi: string;
  readonly en: string;
  readonly whoVi: string;
  readonly whoEn: string;
}

interface Words {
  readonly vi: string;
  readonly en: string;
}

/** Tells a cause with the share of its group beside that of all others, since when, and what it would save. */
export function describeCause(cause: Cause): CauseSentences {
  const { records, withFinding, restRecords, restWithFinding, saved } = cause;
  const what = describeMistake(cause);
  const since = describeBeginning(cause);
  const group = nameGroup(cause);
  const own = (language: Language): string => showShare(withFinding, records, language);
  const rest = (language: Language): string => showShare(restWithFinding, restRecords, language);
  const who = actors[cause.dimension];
  const todo = actions[cause.kind];
  return {
    vi: `${group.vi}${since.vi}: ${own("vi")} bản ghi ${what.vi}; trong mọi bản ghi khác là ${rest("vi")}. Sửa một lần thì ${formatCount(saved, "vi")} bản ghi thành sạch.`,
    en: `${group.en}${since.en}: ${own("en")} of the records ${what.en}; of all others, ${rest("en")}. One correction would make ${formatCount(saved, "en")} records clean.`,
    whoVi: `${who.vi}: ${todo.vi}`,
    whoEn: `${who.en}: ${todo.en}`,
  };
}

function showShare(part: number, whole: number, language: Language): string {
  const share = percentOf(part, whole);
  if (whole === 0) return formatPercent(share, language);
  const word = language === "vi" ? "trên" : "of";
  return `${formatPercent(share, language)} (${formatCount(part, language)} ${word} ${formatCount(whole, language)})`;
}

function nameGroup({ dimension, key, label }: Cause): Words {
  const name = showLabel(label);
  const both = label === key ? name : `${name} (${showLabel(key)})`;
  if (dimension === "province") return { vi: both, en: both };
  return dimension === "facility"
    ? { vi: `Cơ sở ${both}`, en: `Facility ${both}` }
    : { vi: `Tệp ${both}`, en: `File ${both}` };
}

function describeBeginning({ sinceDay, sinceLine }: Cause): Words {
  if (sinceLine !== null) {
    return {
      vi: ` từ dòng ${formatCount(sinceLine, "vi")}`,
      en: ` from line ${formatCount(sinceLine, "en")} on`,
    };
  }
  if (sinceDay === null) return { vi: "", en: "" };
  return { vi: ` từ ngày ${formatDay(sinceDay, "vi")}`, en: ` since ${sinceDay}` };
}

function describeMistake({ kind, finding }: Cause): Words {
  switch (kind) {
    case "day-month-swapped":
      return finding.startsWith("birth-date.")
        ? {
            vi: "bị đổi chỗ ngày và tháng của ngày sinh",
            en: "have day and month of the birth date exchanged",
          }
        : {
            vi: "bị đổi chỗ ngày và tháng của ngày tiêm",
            en: "have day and month of the vaccination date exchanged",
          };
    case "birth-date-filled-in":
      return { vi: "có ngày sinh là 01/01", en: "have 1 January for a birth date" };
    case "columns-shifted":
      return {
        vi: "có các ô bị lệch sang cột bên cạnh",
        en: "have cells that stand one column away from their own",
      };
    case "one-value-for-many": {
      const { vi, en } = nameValue(finding);
      return {
        vi: `bị sai ${vi}, gần như tất cả ghi cùng một ${vi}`,
        en: `have a wrong ${en}, nearly all of them the same one`,
      };
    }
    case "finding-far-above-the-rest": {
      const { vi, en } = sayFinding(finding);
      return { vi: `bị lỗi này (“${vi}”)`, en: `have this finding (“${en}”)` };
    }
  }
}

/** The finding's sentence without its full stop; an earlier release's finding by its name. */
function sayFinding(finding: string): Words {
  const entry = (findingCatalogue as Readonly<Record<string, Words>>)[finding];
  return entry === undefined
    ? { vi: finding, en: finding }
    : { vi: entry.vi.replace(/\.$/, ""), en: entry.en.replace(/\.$/, "") };
}

function nameValue(finding: string): Words {
  if (finding.startsWith("name.")) return { vi: "họ và tên", en: "name" };
  if (finding.startsWith("birth-date.")) return { vi: "ngày sinh", en: "birth date" };
  if (finding.startsWith("vaccination-date.")) return { vi: "ngày tiêm", en: "vaccination date" };
  return { vi: "số định danh cá nhân", en: "citizen ID" };
}

const actors: Readonly<Record<Cause["dimension"], Words>> = {
  province: { vi: "Sở Y tế của tỉnh, thành phố", en: "The province's health department" },
  facility: { vi: "Cơ sở tiêm chủng", en: "The facility" },
  file: { vi: "Đơn vị gửi tệp", en: "Whoever delivered the file" },
};

const actions: Readonly<Record<Cause["kind"], Words>> = {
  "day-month-swapped": {
    vi: "xuất lại các ngày theo dạng dd/mm/yyyy và gửi lại.",
    en: "export the dates again as dd/mm/yyyy and deliver them again.",
  },
  "birth-date-filled-in": {
    vi: "lấy lại ngày sinh thật từ giấy tờ của từng người; không biết thì chỉ ghi năm, không điền 01/01.",
    en: "take the true birth dates from the people's papers; where they are unknown write the year alone, not 1 January.",
  },
  "columns-shifted": {
    vi: "xuất lại tệp để mỗi ô đứng đúng cột của nó và gửi lại.",
    en: "export the file again with every cell in its own column and deliver it again.",
  },
  "one-value-for-many": {
    vi: "thay giá trị điền chung bằng giá trị của từng người.",
    en: "put each person's own value in the place of the one that stands for all.",
  },
  "finding-far-above-the-rest": {
    vi: "tìm cách làm chung đã gây ra lỗi này, sửa lại rồi gửi lại.",
    en: "find what is done there that makes this error, put it right and deliver again.",
  },
};
