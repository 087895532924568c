/**
 * Why lamsach does not run on this version of Node, with what to do; null when it does. npm reads the same from `engines`
 * in package.json.
 *
 * From 24.19 on, better-sqlite3 12 is ended by Node's own assertion as soon as a database is collected: a night would die
 * from SIGABRT. Which of the earlier 24s a prebuilt module is safe on, no one says; 26 has been tried (decision 26).
 */
export function explainUnfitNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 24) {
    return `${version}; expected another than 24, on which the SQLite module aborts in the middle of a run. Install Node 22 or 26, then run: npm ci`;
  }
  if (major < 20 || (major === 20 && minor < 20)) {
    return `${version}; expected 20.20 or newer. Install Node 22 or 26, then run: npm ci`;
  }
  return null;
}
