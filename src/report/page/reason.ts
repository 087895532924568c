import type { LeftOut } from "../metrics.js";
import type { Html } from "./html.js";
import { writeBoth } from "./wording.js";

/** Why a delivery was refused, and what to do. */
export function writeReason({ reason, reasonVi }: LeftOut): Html {
  return writeBoth({ vi: reasonVi ?? `Lý do (tiếng Anh): ${reason}.`, en: `${reason}.` });
}
