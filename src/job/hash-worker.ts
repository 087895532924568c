import { hashFileAhead } from "../storage/file-hash.js";
import { type Answer, answerLater } from "../threads/thread-answer.js";

/*
 * What the threads do first, the deliveries' fingerprints, and last, those of the report: in a file of its own, so that the
 * first need not wait for everything that shards need.
 */

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): Promise<Answer<string>> {
  return answerLater(() => hashFileAhead(path));
}
