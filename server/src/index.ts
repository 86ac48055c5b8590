/** Starting a server from code: what cli/ does, and every test. */

import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Server as SecureServer } from "node:tls";
import { opaqueReady } from "@excalibur/core/primitives";
import { type Logger, pino } from "pino";
import { buildApi } from "./api/index.ts";
import { type Config, DEFAULTS } from "./config/config.ts";
import { dataFolderAt } from "./config/data-folder.ts";
import { lanOrigins, localOrigin } from "./config/origins.ts";
import { StartError } from "./config/start-error.ts";
import { type Context, createContext } from "./context.ts";

import { type MetricsServer, startMetricsServer } from "./metrics/index.ts";

export { type Config, DEFAULTS, type LogLevel, type RateLimits, type SignUpPolicy } from "./config/config.ts";
export { StartError, type StartProblem } from "./config/start-error.ts";
export type { Context } from "./context.ts";
export { StorageFullError } from "./storage/blob-errors.ts";

export interface StartOptions extends Partial<Omit<Config, "dataFolder">> {
  readonly dataFolder: string;
  /** Silent when not given. */
  readonly log?: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Where the web client was built to; without one, or with nothing built there, a page says so. */
  readonly webFolder?: string;
}

export interface RunningServer extends AsyncDisposable {
  /** Where it listens, for people on this machine: `http://127.0.0.1:52419`. */
  readonly origin: string;
  readonly context: Context;
  /** Where its figures are read, if anywhere. */
  readonly metricsUrl: string | undefined;
  /** With `https`: replaces the certificate if it has to be, and says whether it did. Happens by itself every minute. */
  renewCertificate(): Promise<boolean>;
  /** Takes no more requests, lets those that run end, writes everything down. Called again it waits for the same end. */
  close(): Promise<void>;
}

function configOf(options: StartOptions): Config {
  const { log: _log, clock: _clock, webFolder: _web, ...given } = options;
  const dataFolder = resolve(options.dataFolder);
  const database = { sqliteFile: dataFolderAt(dataFolder).sqliteFile };
  return { database, ...DEFAULTS, ...given, dataFolder };
}

function listenProblem(cause: unknown, { host, port }: Config): unknown {
  const { code } = cause as { code?: string };
  if (code === "EADDRINUSE") {
    const message = `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port with --port.`;
    return new StartError("address_in_use", message, {}, cause);
  }
  if (code === "EACCES") {
    const message = `This user may not open port ${port}. Choose one above 1023 with --port.`;
    return new StartError("address_unusable", message, {}, cause);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const message = `This machine has no address ${host}. Name one of its own with --host (127.0.0.1: this machine only, 0.0.0.0: every network it is in).`;
    return new StartError("address_unusable", message, {}, cause);
  }
  return cause;
}

async function serveMetrics({ meters, config, log }: Context): Promise<MetricsServer | undefined> {
  const { port, host, token } = config.metrics;
  if (meters === undefined || port === null) return undefined;
  const report = (error: unknown) => log.error({ err: error }, "metrics could not be given");
  return startMetricsServer({ ...{ port, host, token, report }, registry: meters.registry });
}

const CERTIFICATE_CHECK_MS = 60_000;

/** Addresses come and go, months pass, clocks are set right: the certificate follows. */
function watchCertificate(renew: () => Promise<boolean>, log: Logger): NodeJS.Timeout {
  const check = () => renew().catch((error: unknown) => log.error({ err: error }, "the certificate was not renewed"));
  return setInterval(() => void check(), CERTIFICATE_CHECK_MS).unref();
}

/** Opens the data folder, brings the database up to date and listens. @throws StartError, DatabaseError, DatabaseNewerError */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const config = configOf(options);
  const log = options.log ?? pino({ enabled: false });
  const context = await createContext({ config, log, clock: options.clock ?? Date.now, webFolder: options.webFolder });
  const app = await buildApi(context);

  let metrics: MetricsServer | undefined;
  let certificateWatch: NodeJS.Timeout | undefined;

  /** New connections get the new certificate; those that are open stay. */
  async function renewCertificate(): Promise<boolean> {
    const { tls } = context;
    if (!tls || !(await tls.renew())) return false;
    (app.server as unknown as SecureServer).setSecureContext({ ...tls.current, minVersion: "TLSv1.2" });
    log.info("certificate renewed");
    return true;
  }

  async function stop(): Promise<void> {
    clearInterval(certificateWatch);
    context.services.health.stop();
    const cut = setTimeout(() => app.server.closeAllConnections(), config.shutdownMs);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
      await metrics?.close();
      await context.close();
    }
  }

  let stopping: Promise<void> | undefined;
  const close = () => (stopping ??= stop());
  try {
    await app.listen({ host: config.host, port: config.port });
    metrics = await serveMetrics(context);
    const { port } = app.server.address() as AddressInfo;
    const listening = { ...config, port };
    const origin = localOrigin(listening);
    context.listening({ port });
    // With HTTPS people come from other devices; plain http on a network is an emergency.
    const announced = config.https ? (lanOrigins(listening)[0] ?? origin) : origin;
    await context.lock.announce({ origin: announced, instance: context.instance });
    certificateWatch = context.tls && watchCertificate(renewCertificate, log);
    context.jobs.start();
    // So that the first sign-in does not wait for it; what fails here fails there, in plain words.
    opaqueReady().catch((error: unknown) => log.error({ err: error }, "OPAQUE could not be loaded"));
    return { origin, context, metricsUrl: metrics?.url, renewCertificate, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw listenProblem(error, config);
  }
}
