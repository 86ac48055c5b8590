/** `/metrics` has an address of its own: the one that people reach never shows it, whatever stands in front of it. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { equalBytes, utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import type { Registry } from "prom-client";
import type { MetricsSettings } from "../config/config.ts";
import { isLoopback, localOrigin } from "../config/origins.ts";
import { StartError } from "../config/start-error.ts";

export interface MetricsServer {
  /** `http://127.0.0.1:9464/metrics` */
  readonly url: string;
  close(): Promise<void>;
}

export interface MetricsServerOptions extends Omit<MetricsSettings, "port"> {
  readonly port: number;
  readonly registry: Registry;
  readonly report: (error: unknown) => void;
}

const CHALLENGE = { "www-authenticate": 'Bearer realm="metrics"' };
const TIMEOUT_MS = 10_000;

/** Compared by hash: how long it takes says nothing about the token. */
function isAllowed(request: IncomingMessage, token: string | null): boolean {
  if (token === null) return true;
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return equalBytes(sha256(utf8Encode(given)), sha256(utf8Encode(token)));
}

/** Names that lead here on purpose: a web page whose name was made to point at this machine is not one of them. */
function isOwnName(request: IncomingMessage, host: string): boolean {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return !isLoopback(host) || isLoopback(name);
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers });
  response.end();
}

async function respond(request: IncomingMessage, response: ServerResponse, options: MetricsServerOptions) {
  const { registry, token, host, report } = options;
  request.resume();
  if (request.url !== "/metrics") return answer(response, 404);
  if (request.method !== "GET") return answer(response, 405, { allow: "GET" });
  if (!isOwnName(request, host)) return answer(response, 403);
  if (!isAllowed(request, token)) return answer(response, 401, CHALLENGE);
  try {
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" });
    response.end(text);
  } catch (error) {
    report(error);
    answer(response, 500);
  }
}

/** @throws StartError for an address that cannot be had, and for one that others reach without a token */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, token } = options;
  if (token === null && !isLoopback(host)) {
    throw new StartError(
      "address_unusable",
      `With metrics.host ${host} others could read how much this server is used. Set metrics.token as well, or leave metrics.host at 127.0.0.1.`,
    );
  }
  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (request, response) => {
    respond(request, response, options).catch(options.report);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `Metrics cannot be served at ${host}, port ${port}: the address is taken or is not this machine's. Change metrics.host or metrics.port.`;
      reject(new StartError("address_in_use", message, {}, cause));
    });
    server.listen({ host, port }, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `${localOrigin({ host, port: actual, https: false })}/metrics`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
