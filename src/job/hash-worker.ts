import { hashFileAhead } from "../storage/file-hash.js";
import type { FileKey } from "../storage/file-key.js";
import { hashSealedFile, type SealedHashes } from "../storage/sealed-copy.js";
import { type Answer, answer, answerLater } from "../threads/thread-answer.js";

/*
 * What the threads do first, the deliveries' fingerprints, and last, those of the report and of small or sealed sets: in a
 * file of its own, so that the first need not wait for everything that shards need.
 */

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): Promise<Answer<string>> {
  return answerLater(() => hashFileAhead(path));
}

/** SHA-256 of a sealed file and of what it holds, which is read back and so known to be whole. */
export function hashSealed({ file, key }: { file: string; key: FileKey }): Answer<SealedHashes> {
  return answer(() => hashSealedFile(file, key));
}
