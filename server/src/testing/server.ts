import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, type StartOptions, startServer } from "../index.ts";
import { locationWithTables } from "./database.ts";
import { giveSecrets } from "./prepared-secrets.ts";

/** Generous: a test file is one network to the server. */
const RATE_LIMITS = { generalPerMinute: 1_000_000, sensitivePerMinute: 1_000_000 };

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly dataFolder: string;
  /** The server's clock, which a test may move. */
  nowMs: () => number;
  advance(byMs: number): void;
  /** Stops and starts again on the same data. */
  restart(options?: Partial<StartOptions>): Promise<RunningServer>;
}

/** A server on a free port over a fresh data folder and database, gone at the end: `await using test = await testServer()`. */
export async function testServer(options: Partial<StartOptions> = {}): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const place = await locationWithTables();
  await giveSecrets(dataFolder);
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const start = (more: Partial<StartOptions> = {}) =>
    startServer({
      dataFolder,
      database: place.location,
      port: 0,
      rateLimits: RATE_LIMITS,
      clock: nowMs,
      ...options,
      ...more,
    });
  let server = await start();
  return {
    get server() {
      return server;
    },
    dataFolder,
    nowMs,
    advance: (byMs) => {
      aheadMs += byMs;
    },
    restart: async (more) => {
      await server.close();
      server = await start(more);
      return server;
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await place[Symbol.asyncDispose]();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
