/**
 * node --expose-gc program.ts OPTIONS: a server in a process of its own, so that its memory is nobody else's. Says
 * where it listens, and measures itself when it is asked.
 */

import { subscribe } from "node:diagnostics_channel";
import { open, readFile, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { startServer } from "../../index.ts";
import type { Measured, MeasuredOptions } from "./measured-server.ts";

const options = JSON.parse(process.argv[2] as string) as MeasuredOptions & { readonly dataFolder: string };
const { dataFolder, slowDiskMs = 0, leakBytesARequest = 0, deadlines } = options;

if (slowDiskMs > 0) {
  const some = await open(import.meta.filename);
  const prototype = Object.getPrototypeOf(some) as { writev: (...args: unknown[]) => Promise<unknown> };
  await some.close();
  const { writev } = prototype;
  prototype.writev = async function slowly(...args) {
    await wait(slowDiskMs);
    return writev.apply(this, args);
  };
}

/** What a check of memory has to find. */
const leaked: Uint8Array[] = [];
if (leakBytesARequest > 0) {
  subscribe("http.server.request.start", () => leaked.push(new Uint8Array(leakBytesARequest).fill(1)));
}

const server = await startServer({
  ...{ dataFolder, port: 0, shutdownMs: 500 },
  rateLimits: { generalPerMinute: 10_000_000, sensitivePerMinute: 10_000_000 },
  ...(deadlines === undefined ? {} : { deadlines }),
});

/** Since the last look. Linux only; what `resourceUsage` says began with whoever started this process. Elsewhere it is what there is now. */
async function peakBytes(): Promise<number> {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const status = await readFile("/proc/self/status", "latin1");
  await writeFile("/proc/self/clear_refs", "5");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

async function measure(): Promise<Measured> {
  // What the first round sets free, the second collects.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await wait(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  return { liveBytes: heapUsed + external, peakBytes: await peakBytes(), handles };
}

process.on("message", () => void measure().then((measured) => process.send?.({ measured })));
process.on("disconnect", () => void server.close().then(() => process.exit(0)));
process.send?.({
  origin: server.origin,
  sqliteFile: (server.context.config.database as { sqliteFile: string }).sqliteFile,
});
