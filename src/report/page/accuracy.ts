import type { AuditResult } from "../audit-result.js";
import { formatCount, formatDay } from "../figures.js";
import { html } from "./html.js";
import type { Section } from "./section.js";
import { writeParagraph } from "./section.js";
import { writeTable } from "./tables.js";
import { writeCount } from "./wording.js";

/** How far "clean" can be trusted: what people found who checked a sample of the cleaned records. */
export function describeAccuracy(audit: AuditResult | null): Section {
  return {
    id: "accuracy",
    title: { vi: "Sạch có đúng không", en: "Is clean truly right" },
    content: audit === null ? [writeParagraph(notAudited)] : writeAudit(audit),
  };
}

const notAudited = {
  vi: "Chưa kiểm tra: chưa ai đối chiếu một mẫu bản ghi sạch. Lệnh lamsach audit-sample rút mẫu để kiểm tra.",
  en: "Not audited: nobody has checked a sample of the cleaned records yet. The command lamsach audit-sample draws one.",
};

function writeAudit({ population, checkedOn, strata, right, low, high }: AuditResult) {
  const checked = strata.reduce((sum, stratum) => sum + stratum.checked, 0);
  const [vi, en] = (["vi", "en"] as const).map((language) => ({
    right: formatShareOf(right, language),
    low: formatShareOf(low, language),
    high: formatShareOf(high, language),
    checked: formatCount(checked, language),
    population: formatCount(population, language),
    checkedOn: formatDay(checkedOn, language),
  }));
  return [
    writeParagraph({
      vi: `${vi?.right} (khoảng tin cậy 95 %: ${vi?.low} – ${vi?.high}) bản ghi sạch là đúng thật: ${vi?.checked} bản ghi được kiểm tra trong ${vi?.population}, tính đến ngày ${vi?.checkedOn}.`,
      en: `${en?.right} (95 % CI ${en?.low} – ${en?.high}) of cleaned records are truly right: ${en?.checked} of ${en?.population} were checked, as of ${en?.checkedOn}.`,
    }),
    writeTable({
      caption: { vi: "Mẫu theo mã", en: "The sample by code" },
      columns: [
        { name: { vi: "Mã", en: "Code" } },
        { name: { vi: "Bản ghi sạch", en: "Cleaned records" }, isNumber: true },
        { name: { vi: "Đã rút", en: "Drawn" }, isNumber: true },
        { name: { vi: "Đã kiểm tra", en: "Checked" }, isNumber: true },
        { name: { vi: "Đúng", en: "Right" }, isNumber: true },
      ],
      rows: strata.map((stratum) => ({
        cells: [
          html`<code>${stratum.code}</code>`,
          writeCount(stratum.population),
          writeCount(stratum.drawn),
          writeCount(stratum.checked),
          writeCount(stratum.right),
        ].map((content) => ({ content })),
      })),
    }),
  ];
}

/** A share of 1 in percent with 2 decimals, rounded down. */
function formatShareOf(share: number, language: "vi" | "en"): string {
  const text = (Math.floor(share * 10_000 + 1e-9) / 100).toFixed(2);
  return `${language === "vi" ? text.replace(".", ",") : text} %`;
}
