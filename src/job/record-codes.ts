import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import type { Reconciliation } from "../reconcile/reconcile.js";

/** Each record's code as its position in the catalogue, one byte a record: what a later policy is compared with. */
export function listCodes({ verdicts }: Judge, reconciliation: Pick<Reconciliation, "verdicts">): Uint8Array {
  const codeByVerdict = Uint8Array.from(verdicts, ({ code }) => codeCatalogue.indexOf(code));
  return Uint8Array.from(reconciliation.verdicts, (verdict) => codeByVerdict[verdict] as number);
}
