import { join } from "node:path";
import type { ClockPort, LoggerPort, Ports } from "@excalibur/sdk/ports";
import { InProcessSealer } from "@excalibur/sdk/sealer";
import { FileSecretStore, NodeHttp, nodeSocket, ServerTrust, SqliteCache, systemClock } from "excalibur/platform";
import { Network } from "../evil-server/index.ts";

/** Waits up to this long are real; the stories are about what happens after a wait, not about its length. */
const PATIENCE_MS = 20;
const LONG_MS = 60_000;

/** A device's clock, which may be wrong by hours; its owner does not like to wait. */
export function deviceClock(offsetMs: number): ClockPort {
  return {
    nowMs: () => Date.now() + offsetMs,
    wait: (ms, signal) => systemClock.wait(ms < LONG_MS ? Math.min(ms, PATIENCE_MS) : ms, signal),
  };
}

/** Keeps what was logged, so that a search can look for secrets in it. */
export class LogKeeper implements LoggerPort {
  readonly lines: string[] = [];

  debug(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push(`${message} ${JSON.stringify(facts)}`);
  }

  warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.debug(message, facts);
  }
}

export interface DevicePorts extends Ports {
  readonly http: Network;
  readonly logger: LogKeeper;
  close(): Promise<void>;
}

/** Where the command line keeps the state of a home, too: both may be used on the same one. */
export const STATE_FILE = "state.sqlite";
export const SECRET_FILE = "device-secret";
const TRUST_FILE = "trusted-servers.json";

/** The real ports of Node over a folder of its own; only HTTP goes through a door that a test can stand in. */
export async function openDevicePorts(home: string, { clockOffsetMs = 0 } = {}): Promise<DevicePorts> {
  const trust = await ServerTrust.open(join(home, TRUST_FILE));
  const http = new NodeHttp({ trust });
  const network = new Network(http);
  const cache = await SqliteCache.open(join(home, STATE_FILE));
  const sealer = new InProcessSealer();
  return {
    http: network,
    socket: network.sockets(nodeSocket(trust)),
    cache,
    secrets: new FileSecretStore(join(home, SECRET_FILE)),
    sealer,
    clock: deviceClock(clockOffsetMs),
    logger: new LogKeeper(),
    close: async () => {
      await sealer.close();
      await cache.close();
      http.close();
    },
  };
}
