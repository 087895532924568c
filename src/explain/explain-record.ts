import path from "node:path";
import type { Register } from "../assess/identify.js";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, LamsachError } from "../errors.js";
import { hashRecordId, noteAct } from "../job/audit-trail.js";
import { createClearReader } from "../job/clear-reader.js";
import { findKey, findSealKey } from "../job/run-key.js";
import { type RunState, readRunState } from "../job/run-state.js";
import { findOutputFolder } from "../job/workspace.js";
import { loadPolicy } from "../pipeline/policy.js";
import { openRegister } from "../register/open-register.js";
import { loadRegisterIndex } from "../register/register-index.js";
import { type RegisterSeal, revealRegister } from "../register/sealed-register.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { findPublishedRecord } from "./find-published-record.js";
import { tellStory } from "./record-story.js";
import { renderStory } from "./render-story.js";

export interface ExplainOptions {
  readonly runDir: string;
  readonly recordId: string;
  /** Show values whole. */
  readonly reveal: boolean;
  /** Null: the register of the run, if it is still there. */
  readonly registerPath: string | null;
  /** Null: the environment may hold the key of a sealed run or register. */
  readonly keyFile: string | null;
}

/**
 * Tells how a published record came to its code: as delivered, what was found, what the register said, and why it has
 * no better code. Reads the set files and, when it is there, the register. A record_id delivered twice has two stories.
 */
export async function explainRecord(
  options: ExplainOptions,
  effects: Pick<Effects, "cwd" | "env" | "log" | "now">,
): Promise<{ exitCode: ExitCode; text: string; json: unknown }> {
  const memory = new MemoryFolder();
  try {
    return await explainInMemory(options, memory, effects);
  } finally {
    memory.close();
  }
}

async function explainInMemory(
  { runDir, recordId, reveal, registerPath, keyFile }: ExplainOptions,
  memory: MemoryFolder,
  effects: Pick<Effects, "cwd" | "env" | "log" | "now">,
): Promise<{ exitCode: ExitCode; text: string; json: unknown }> {
  const { state } = readRunState(runDir);
  const policy = loadPolicy(state.policyFile);
  if (policy.fingerprint !== state.identity.policy) {
    throw new LamsachError(
      exitCodes.usage,
      `${state.policyFile}: the policy is not the one of this run any more; expected it unchanged. Run again, then explain.`,
    );
  }
  const sealKey = findSealKey(runDir, state.identity, keyFile, effects);
  const records = findPublishedRecord(runDir, recordId, createClearReader(sealKey, memory));
  const register = openRunRegister(
    state,
    registerPath === null ? null : path.resolve(effects.cwd, registerPath),
    { key: findKey(keyFile, effects), memory },
  );
  try {
    const stories = records.map((record) => tellStory({ record, state, policy, register, reveal }));
    if (reveal) noteShown(runDir, recordId, effects);
    return {
      exitCode: exitCodes.done,
      text: stories.map(renderStory).join("\n"),
      json: { run: path.basename(runDir), records: stories },
    };
  } finally {
    register?.reader.close();
  }
}

/** Who was shown a person is in the audit log before anything is shown. */
function noteShown(runDir: string, recordId: string, effects: Pick<Effects, "log" | "now">): void {
  const run = path.basename(runDir);
  const facts = { command: "explain", run, record: hashRecordId(run, recordId) };
  noteAct(findOutputFolder(runDir), facts, effects);
}

function openRunRegister(state: RunState, named: string | null, seal: RegisterSeal): Register | null {
  const file = named ?? state.registerPath;
  // Which numbers stand behind pseudonyms nobody can tell the register.
  if (file === null || state.identity.protection?.pseudonyms !== undefined) return null;
  try {
    const readPath = revealRegister(file, seal);
    const register = { index: loadRegisterIndex(readPath), reader: openRegister(readPath) };
    if (register.index.version === state.identity.register) return register;
    register.reader.close();
  } catch (error) {
    if (named !== null) throw error;
    return null;
  }
  if (named === null) return null;
  throw new LamsachError(
    exitCodes.usage,
    `${file}: this is not the register of the run; expected version ${state.identity.register?.slice(0, 12)}. Give the register the run was made with.`,
  );
}
