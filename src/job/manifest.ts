import type { ListedFile } from "../storage/output-file.js";
import type { OpenedInputs } from "./open-inputs.js";
import type { RunPlan } from "./plan-run.js";
import { rulesVersion } from "./rules-version.js";

/**
 * The manifest's text: what the run was made of, and every file with bytes, data rows and SHA-256. No wall-clock time
 * and no path of this machine is in it, so the same run has the same manifest everywhere.
 */
export function formatManifest(
  plan: RunPlan,
  leftOut: OpenedInputs["leftOut"],
  files: readonly ListedFile[],
): string {
  const { runId, pipeline, policy, asOf, inputs, register, identity, protection } = plan;
  const manifest = {
    format: 1,
    run: runId,
    asOf,
    pipeline: { name: pipeline.name, version: pipeline.version, fingerprint: pipeline.fingerprint },
    policy: { name: policy.name, version: policy.version, fingerprint: policy.fingerprint },
    tables: identity.tables,
    rulesVersion,
    register: register === null ? null : { version: register.info.version, people: register.info.people },
    inputs: inputs.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    leftOut: leftOut.map(({ name, reason }) => ({ name, reason })),
    ...describeProtection(protection),
    files,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Ids of keys tell keys apart; they do not lead to them. */
function describeProtection({ sealKey, pseudonyms }: RunPlan["protection"]): object {
  return {
    ...(sealKey === null ? {} : { sealed: { format: 1, keyId: sealKey.id } }),
    ...(pseudonyms === null ? {} : { pseudonyms: { keyId: pseudonyms.key.id, columns: pseudonyms.columns } }),
  };
}
