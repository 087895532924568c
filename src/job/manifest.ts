import type { ListedFile } from "../publish/output-file.js";
import type { RunPlan } from "./plan-run.js";
import { rulesVersion } from "./rules-version.js";

/**
 * The manifest's text: what the run was made of, and every file with bytes, data rows and SHA-256. No wall-clock time
 * and no path of this machine is in it, so the same run has the same manifest everywhere.
 */
export function formatManifest(plan: RunPlan, files: readonly ListedFile[]): string {
  const { runId, pipeline, policy, asOf, inputs, register, identity } = plan;
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
    files,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
