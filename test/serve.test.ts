import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectCode, type RunningCommand, runLamsach, startLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let run = "";
let withheld = "";
let server: Served;

interface Served {
  readonly process: RunningCommand;
  readonly port: number;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

async function serve(...more: readonly string[]): Promise<Served> {
  const env = { LAMSACH_LOG: "debug" };
  const process = startLamsach(["report", "--serve", "--out", "out", ...more], { cwd: work, env });
  for (;;) {
    const [, port, token] = /^http:\/\/127\.0\.0\.1:(\d+)\/([\w-]+)\/\n$/.exec(process.stdout()) ?? [];
    if (port !== undefined && token !== undefined) return { process, port: Number(port), token };
    await sleep(20);
  }
}

/** Asks as the raw text says: nothing of the path is made nicer on the way, as `fetch` would. */
function ask(
  target: string,
  { method = "GET", host }: { method?: string; host?: string } = {},
): Promise<Answer> {
  const { port } = server;
  const headers = { host: host ?? `127.0.0.1:${port}` };
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: target, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

beforeAll(async () => {
  await makeSample(work, { people: 60 });
  writePipeline(path.join(work, "strict.yaml"), { gates: { maxErrorShare: 0 } });
  writePipeline(path.join(work, "open.yaml"), openGates);
  const open = sampleRun("out", "--json").with(1, "open.yaml");
  run = readOutcome(expectCode(await runLamsach(open, { cwd: work }), 0)).run;
  const strict = sampleRun("out", "--json").with(1, "strict.yaml");
  withheld = readOutcome(expectCode(await runLamsach(strict, { cwd: work }), 1)).run;
  server = await serve();
});

afterAll(async () => {
  server.process.kill("SIGKILL");
  await server.process.finished;
});

function published(name: string): Buffer {
  return readFileSync(path.join(work, "out", run, "report", name));
}

describe("lamsach report --serve", () => {
  it("lists all runs, with links to those that have a report", async () => {
    const { status, headers, body } = await ask(`/${server.token}/`);
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const links = [...body.toString().matchAll(/<a href="([^"]*)"/g)].map(([, link]) => link);
    expect(links.sort()).toEqual(
      [run, withheld].flatMap((id) => [`${id}/`, `${id}/summary.csv`, `${id}/summary.xlsx`]).sort(),
    );
    expect(body.toString()).toContain("bị giữ lại");
  });

  it("shows the page of a run as it was published, and that of a withheld one", async () => {
    expect((await ask(`/${server.token}/${run}/`)).body.equals(published("index.html"))).toBe(true);
    const page = readFileSync(path.join(work, "out/.work", withheld, "report/index.html"));
    expect((await ask(`/${server.token}/${withheld}/`)).body.equals(page)).toBe(true);
  });

  it("hands out every other file of the report, with its type: drawings to be looked at, the others to be kept", async () => {
    const names = readdirSync(path.join(work, "out", run, "report")).filter((name) => name !== "index.html");
    expect(names).toEqual(
      expect.arrayContaining(["history.json", "summary.csv", "summary.json", "summary.xlsx", "flow.svg"]),
    );
    for (const name of names) {
      const { status, headers, body } = await ask(`/${server.token}/${run}/${name}`);
      expect([name, status]).toEqual([name, 200]);
      expect(body.equals(published(name))).toBe(true);
      const isDrawing = name.endsWith(".svg");
      expect(headers["content-disposition"]).toBe(
        isDrawing ? undefined : `attachment; filename="${run}-${name}"`,
      );
      if (isDrawing) expect(headers["content-type"]).toBe("image/svg+xml");
    }
  });

  it("answers to HEAD as to GET, without the content", async () => {
    const { status, headers, body } = await ask(`/${server.token}/${run}/summary.csv`, { method: "HEAD" });
    expect([status, headers["content-length"], body.length]).toEqual([
      200,
      `${published("summary.csv").length}`,
      0,
    ]);
  });

  it("forbids whatever a page does not need, with every answer", async () => {
    for (const target of [
      `/${server.token}/`,
      `/${server.token}/${run}/summary.csv`,
      `/${server.token}/no`,
      "/",
    ]) {
      const { headers } = await ask(target);
      expect(headers).toMatchObject({
        ...{ "cache-control": "no-store", "referrer-policy": "no-referrer", "x-frame-options": "DENY" },
        ...{ "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin" },
        "content-security-policy": expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
      });
      expect(Object.keys(headers)).not.toContain("access-control-allow-origin");
    }
  });

  it("refuses whoever has not the token, to the letter", async () => {
    const { token } = server;
    const flipped = `${token[0] === "A" ? "B" : "A"}${token.slice(1)}`;
    const wrong = [
      "/",
      "//",
      "/favicon.ico",
      `/${run}/`,
      `/${flipped}/`,
      `/${token}x/`,
      `/${token.slice(0, -1)}/`,
    ];
    for (const target of [
      ...wrong,
      `/${token.toLowerCase()}/`,
      `/%2f${token}/`,
      `/x/../${token}/`,
      `/?/${token}/`,
    ]) {
      expect([target, (await ask(target)).status]).toEqual([target, 403]);
    }
  });

  it("refuses another machine's name, which may lead here", async () => {
    const { port, token } = server;
    expect((await ask(`/${token}/`, { host: `localhost:${port}` })).status).toBe(200);
    const wrong = ["evil.example", `evil.example:${port}`, "127.0.0.1", "localhost", `127.0.0.1:${port + 1}`];
    for (const host of [...wrong, `127.0.0.1.evil.example:${port}`, `[::1]:${port}`]) {
      expect([host, (await ask(`/${token}/`, { host })).status]).toEqual([host, 403]);
    }
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])("refuses %s", async (method) => {
    const { status, headers } = await ask(`/${server.token}/`, { method });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it("gives nothing that is not of a report, however it is asked for", async () => {
    const [set = ""] = readdirSync(path.join(work, "out", run, "cleaned"));
    expect(existsSync(path.join(work, "out", run, "cleaned", set))).toBe(true);
    const within = [
      ...["manifest.json", "changes.csv", `cleaned/${set}`, `report/summary.csv`, "cleaned/", "cleaned", "."],
      ...[
        `../cleaned/${set}`,
        `..%2fcleaned%2f${set}`,
        `%2e%2e/cleaned/${set}`,
        "..",
        "../",
        "..%5cchanges.csv",
      ],
      ...[
        "../../ledger.db",
        "..%2f..%2fledger.db",
        "%2e%2e%2fchanges.csv",
        "..;/changes.csv",
        "summary.csv/",
      ],
      ...[
        "summary.csv%00",
        "summary.csv%00.svg",
        ".summary.csv",
        "SUMMARY.CSV",
        "./summary.csv",
        "/summary.csv",
      ],
      ...[
        "%73ummary.csv",
        "index.html",
        "summary.csv/../../changes.csv",
        "link.csv",
        "folder.csv",
        "people.csv",
      ],
    ];
    const targets = [
      ...within.map((name) => `${run}/${name}`),
      ...[
        "ledger.db",
        "audit.log",
        ".work/",
        `.work/${withheld}/`,
        "..",
        "../",
        "%2e%2e/",
        "../../etc/passwd",
      ],
      ...[
        run,
        `${run}//`,
        `${run.slice(0, 12)}/`,
        `${run.toUpperCase()}/`,
        `../${run}/`,
        "2023-06-13-linked000000/",
      ],
      ...[
        "2023-06-13-000000000000/",
        "2023-06-13-000000000000/summary.csv",
        `${run}%2f`,
        `${run}\\changes.csv`,
      ],
    ];
    // What somebody could have put there: a link out of the report, a folder, a link in the place of a run.
    const report = path.join(work, "out/.work", withheld, "report");
    symlinkSync(path.join(work, "sample/population.csv"), path.join(report, "link.csv"));
    mkdirSync(path.join(report, "folder.csv"));
    symlinkSync(run, path.join(work, "out/2023-06-13-aaaaaaaaaaaa"));
    const planted = [`${withheld}/link.csv`, `${withheld}/folder.csv`, "2023-06-13-aaaaaaaaaaaa/"];
    for (const target of [...targets, ...planted]) {
      const { status, body } = await ask(`/${server.token}/${target}`);
      expect([target, status]).toEqual([target, 404]);
      expect(body.length).toBeLessThan(200);
    }
    const absolute = await ask(`http://127.0.0.1:${server.port}/${server.token}/`);
    expect(absolute.status).toBe(403);
  });

  it("says that a page cannot be made, and goes on", async () => {
    const file = path.join(work, "out", run, "report/summary.json");
    const whole = readFileSync(file);
    writeFileSync(file, "{}");
    try {
      const { status, body } = await ask(`/${server.token}/${run}/`);
      expect([status, body.toString()]).toEqual([500, expect.stringContaining("could not be made")]);
    } finally {
      writeFileSync(file, whole);
    }
    expect((await ask(`/${server.token}/${run}/`)).status).toBe(200);
  });

  it.each([
    ["what names no host", (token: string) => `GET /${token}/ HTTP/1.0\r\n\r\n`, "403"],
    ["what is no HTTP", () => "\u0000\u0001 no HTTP\r\n\r\n", "400"],
  ])("refuses %s, and goes on", async (_what, write, status) => {
    const socket = connect(server.port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    socket.end(write(server.token));
    await new Promise((resolve) => socket.on("close", resolve));
    expect(answer.split("\r\n")[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await ask(`/${server.token}/`)).status).toBe(200);
  });

  it("listens on this machine alone", async () => {
    const hex = server.port.toString(16).toUpperCase().padStart(4, "0");
    const [tcp, tcp6] = ["tcp", "tcp6"].map((name) => readFileSync(`/proc/net/${name}`, "utf8"));
    expect(tcp).toContain(`0100007F:${hex} 00000000:0000 0A`);
    expect(tcp).not.toContain(`00000000:${hex} 00000000:0000 0A`);
    expect(tcp6).not.toContain(`:${hex} 00000000000000000000000000000000:0000 0A`);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends on %s with 0, in peace, and has written nothing",
    async (signal) => {
      const runFiles = (): Record<string, string> => hashTree(path.join(work, "out", run));
      const before = runFiles();
      const own = await serve("--port", "0");
      expect(own.token).toMatch(/^[\w-]{43}$/);
      expect(own.token).not.toBe(server.token);
      // A connection that is kept open does not keep the process.
      const socket = connect(own.port, "127.0.0.1");
      await new Promise((resolve) => socket.on("connect", resolve));
      socket.on("error", () => {});
      own.process.kill(signal);
      const ended = expectCode(await own.process.finished, 0);
      socket.destroy();
      expect(ended.stderr).not.toContain(own.token);
      expect(runFiles()).toEqual(before);
    },
  );

  it("has neither the token nor what was asked for in its log", async () => {
    await ask(`/${server.token}/${run}/looking-for-somebody`);
    const log = server.process.stderr();
    expect(log).toContain('"status":404');
    expect(log).not.toContain(server.token);
    expect(log).not.toContain("looking-for-somebody");
  });

  it("refuses a port that is taken (exit 4) or none (exit 2)", async () => {
    const start = (port: string) =>
      runLamsach(["report", "--serve", "--port", port, "--out", "out"], { cwd: work });
    expect(expectCode(await start(String(server.port)), 4).stderr).toContain(
      "this port cannot be had (EADDRINUSE)",
    );
    expectCode(await start("65536"), 2);
  });
});
