import type { Pipeline } from "../pipeline/pipeline.js";
import type { PseudonymColumn } from "../pipeline/protection-settings.js";
import { type FileKey, requireKey } from "../storage/file-key.js";

/** How a run's outputs are protected beside their permissions. */
export interface Protection {
  /** Null: nothing is sealed. */
  readonly sealKey: FileKey | null;
  /** Null: every number is written as it was delivered. */
  readonly pseudonyms: { readonly key: FileKey; readonly columns: readonly PseudonymColumn[] } | null;
}

/** Part of a run's identity: other keys make another run. */
export interface ProtectionIdentity {
  /** Ids of keys. */
  readonly sealed?: string;
  readonly pseudonyms?: string;
}

/** What the pipeline and the command line ask for; a LamsachError (exit 2) when that needs a key and there is none. */
export function planProtection(
  pipeline: Pick<Pipeline, "file" | "encryption" | "pseudonyms">,
  { encrypt, key }: { readonly encrypt: boolean; readonly key: FileKey | null },
): Protection {
  const { file, encryption, pseudonyms } = pipeline;
  const isRequired = encryption === "required";
  return {
    sealKey:
      encrypt || isRequired
        ? requireKey(key, isRequired ? file : "--encrypt", "the outputs are to be sealed")
        : null,
    pseudonyms:
      pseudonyms === undefined
        ? null
        : { key: requireKey(key, file, "pseudonyms are asked for"), columns: pseudonyms.columns },
  };
}

/** Nothing when nothing is protected, so that such a run has the id it always had. */
export function identifyProtection({ sealKey, pseudonyms }: Protection): {
  protection?: ProtectionIdentity;
} {
  if (sealKey === null && pseudonyms === null) return {};
  return {
    protection: {
      ...(sealKey === null ? {} : { sealed: sealKey.id }),
      ...(pseudonyms === null ? {} : { pseudonyms: pseudonyms.key.id }),
    },
  };
}
