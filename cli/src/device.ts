/** The composition root: the ports of Node, under the sdk. */

import { join } from "node:path";
import { Excalibur, type LoggerPort } from "@excalibur/sdk";
import {
  excaliburHome,
  FileSecretStore,
  NodeHttp,
  nodeSocket,
  ServerTrust,
  SqliteCache,
  systemClock,
  ThreadSealer,
} from "./platform/index.ts";

export interface Device {
  readonly excalibur: Excalibur;
  close(): Promise<void>;
}

/** EXCALIBUR_DEBUG=1 writes to stderr what the sdk notes: never a secret, a name or a path. */
function debugLogger(): LoggerPort {
  const write = (level: string, message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
    void process.stderr.write(`${level}: ${message} ${JSON.stringify(facts)}\n`);
  return {
    debug: (message, facts) => write("debug", message, facts),
    warn: (message, facts) => write("warning", message, facts),
  };
}

const silentLogger: LoggerPort = { debug: () => undefined, warn: () => undefined };

/** Whom this device believes. Throws LocalStateError. */
export function openTrust(env: NodeJS.ProcessEnv = process.env): Promise<ServerTrust> {
  return ServerTrust.open(join(excaliburHome(env), "trusted-servers.json"));
}

/** This device, as EXCALIBUR_HOME or the platform says. Throws LocalStateError. */
export async function openDevice(env: NodeJS.ProcessEnv = process.env): Promise<Device> {
  const home = excaliburHome(env);
  const cache = await SqliteCache.open(join(home, "state.sqlite"));
  const trust = await openTrust(env);
  const http = new NodeHttp({ trust });
  const sealer = new ThreadSealer();
  const excalibur = new Excalibur({
    http,
    socket: nodeSocket(trust),
    cache,
    secrets: new FileSecretStore(join(home, "device-secret")),
    sealer,
    clock: systemClock,
    logger: env["EXCALIBUR_DEBUG"] === "1" ? debugLogger() : silentLogger,
  });
  return {
    excalibur,
    close: async () => {
      await sealer.close();
      await cache.close();
      http.close();
    },
  };
}
