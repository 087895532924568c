import { listDoubts } from "../doubts.js";
import type { Metrics } from "../metrics.js";
import { type Html, html } from "./html.js";
import { writeReason } from "./reason.js";
import { writeBoth } from "./wording.js";

/** What the reader must know before any number: what is missing, doubtful, or not published. */
export function writeWarnings(metrics: Metrics): Html[] {
  const { run, gates, doses, leftOut } = metrics;
  const failed = gates.filter(({ passed }) => !passed).length;
  const warnings: Html[] = [];
  for (const file of leftOut) {
    warnings.push(
      html`${writeBoth({
        vi: "Tệp không đọc được, bị bỏ ra ngoài:",
        en: "A delivery could not be read and is left out:",
      })} <code><bdi>${file.name}</bdi></code> · ${writeReason(file)}`,
    );
  }
  for (const { name, doubt } of listDoubts(metrics)) {
    warnings.push(html`<code><bdi>${name}</bdi></code>: ${writeBoth(doubt)}`);
  }
  if (failed > 0) {
    warnings.push(
      writeBoth({
        vi: `${failed} ngưỡng chất lượng không đạt: kết quả không được công bố.`,
        en: `${failed} quality gates failed: the outputs are withheld.`,
      }),
    );
  }
  if (run.registerVersion === null) {
    warnings.push(
      writeBoth({
        vi: "Chưa đối chiếu với CSDL quốc gia về dân cư: không bản ghi nào được xác thực.",
        en: "No population register was given: no record could be authenticated.",
      }),
    );
  }
  if (doses.records === 0) {
    warnings.push(writeBoth({ vi: "Không có bản ghi nào.", en: "There are no records." }));
  }
  return warnings.map((warning) => html`<p class="warn">${warning}</p>`);
}
