import { createHash } from "node:crypto";
import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An entry by number and by the SHA-256 of its line, without the line break. */
const position = z.strictObject({ sequence: z.int().nonnegative(), sha256 });
export type LogPosition = z.infer<typeof position>;

/** Where a log begins: what its first entry carries as the one before it. */
export const logStart: LogPosition = { sequence: 0, sha256: "0".repeat(64) };

/** What of the log itself an entry tells: none is written by a command that merely does its work. */
const aboutLog = {
  /** Of a line that a power cut left in pieces: what is there of it. */
  torn: z.strictObject({ bytes: z.int().positive(), sha256 }).exactOptional(),
  /** The end that lamsach had written last, and the one that was found; null: none. */
  mismatch: z.strictObject({ expected: position.nullable(), found: position.nullable() }).exactOptional(),
  /** The last entry that is no longer kept. */
  retired: position.exactOptional(),
};

const facts = {
  /** The command's words, never its arguments. */
  command: z.string().regex(/^[a-z-]+( [a-z-]+)?$/),
  /** `begin` and `end` of longer work; `done`: a single act; `interrupted`: a beginning whose process died. */
  event: z.enum(["begin", "end", "done", "interrupted", "torn", "mismatch", "retired"]),
  /** Sequence of the beginning that an end or an interruption belongs to. */
  begin: z.int().positive().exactOptional(),
  run: z.string().exactOptional(),
  inputs: z.array(z.strictObject({ name: z.string(), sha256 })).exactOptional(),
  /** What the run is held against (`nameSeries`). */
  series: z.string().exactOptional(),
  /** Version of the register; null: without one. */
  register: sha256.nullable().exactOptional(),
  /** Fingerprints and versions of what was worked by. */
  versions: z.record(z.string().regex(/^[a-zA-Z]+$/), z.string()).exactOptional(),
  /** SHA-256 of the manifest, which has those of all outputs. */
  manifest: sha256.exactOptional(),
  /** SHA-256 of `<run>`, a NUL and a record's id: which record was shown, without its id. */
  record: sha256.exactOptional(),
  exitCode: z.int().exactOptional(),
  ...aboutLog,
};

const actor = {
  /** Null when the system has no name for the uid. */
  user: z.string().nullable(),
  uid: z.int(),
  host: z.string(),
  version: z.string(),
};

const factsSchema = z.strictObject(facts);
const actorSchema = z.strictObject(actor);
const entrySchema = z.strictObject({
  sequence: z.int().positive(),
  previous: sha256,
  /** UTC. */
  time: z.iso.datetime(),
  ...actor,
  ...facts,
});

/** What a command tells of itself. */
export type AuditFacts = z.infer<typeof factsSchema>;
/** Who works, where, with which lamsach. */
export type AuditActor = z.infer<typeof actorSchema>;
/** One line of the log. */
export type AuditEntry = z.infer<typeof entrySchema>;
/** An entry before it has its place. */
export type UnplacedEntry = Omit<AuditEntry, "sequence" | "previous">;

/** The line of an entry that follows `before`, without its line break. */
export function formatEntry(before: LogPosition, entry: UnplacedEntry): string {
  const placed = { sequence: before.sequence + 1, previous: before.sha256, ...entry };
  return JSON.stringify(entrySchema.parse(placed));
}

/** The entry of a line, or null when it is none. */
export function parseEntry(line: string): AuditEntry | null {
  try {
    const read = entrySchema.safeParse(JSON.parse(line));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** SHA-256 of a line without its line break. */
export function hashLine(line: string | Uint8Array): string {
  return createHash("sha256").update(line).digest("hex");
}
