import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Effects } from "../effects.js";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { answerRequest, type ReportPlace } from "./answer-request.js";

const ownAddress = "127.0.0.1";

/**
 * Shows the runs of the output folder `out` in a browser of this machine, to whoever has the address, which goes to
 * stdout and holds a token of 256 random bits; until SIGINT or SIGTERM. Port 0: any that is free. A port that cannot be
 * had is a `LamsachError` (exit 4).
 */
export async function serveReports(
  { out, port }: { readonly out: string; readonly port: number },
  effects: Effects,
): Promise<void> {
  const stop = effects.catchStop();
  const token = randomBytes(32).toString("base64url");
  const server = createServer();
  server.listen(port, ownAddress);
  try {
    await once(server, "listening", { signal: stop });
  } catch (error) {
    server.close();
    if (stop.aborted) return;
    throw explainPort(error, port);
  }
  const place = { out, token, port: (server.address() as AddressInfo).port };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, place, effects);
  });
  effects.log.info("serving");
  effects.stdout(`http://${ownAddress}:${place.port}/${token}/\n`);
  if (!stop.aborted) await once(stop, "abort");
  server.close();
  server.closeAllConnections();
  effects.log.info("no longer serving");
}

/** The log has no address: it holds the token, or what somebody tried in its place. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  place: ReportPlace,
  { log, stderr }: Pick<Effects, "log" | "stderr">,
): void {
  const { method = "", url: target = "", headers } = request;
  try {
    const { status, headers: own, body } = answerRequest({ method, target, host: headers.host }, place);
    response.writeHead(status, { ...own, "content-length": body.length });
    response.end(method === "HEAD" ? undefined : body);
    log.info({ status }, "answered");
  } catch (failure) {
    const error = explainSystemError(failure);
    // A bug ends this command as it does every other.
    if (!(error instanceof LamsachError)) throw error;
    stderr(`lamsach: ${error.message}\n`);
    log.warn({ exitCode: error.exitCode }, "a page could not be made");
    response.writeHead(500, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.end("Không làm được trang này / this page could not be made: lamsach says why on stderr.\n");
  }
}

function explainPort(error: unknown, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EADDRINUSE" && code !== "EACCES") return error;
  return new LamsachError(
    exitCodes.environment,
    `--port ${port}: this port cannot be had (${code}); expected a free one. Take another, or 0 for any.`,
  );
}
