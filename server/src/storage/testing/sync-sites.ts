import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** What is looked through for syncs: the store, its packs included. */
const STORE = join(import.meta.dirname, "../disk");
/** Where every sync of the store ends up, and the port that only says what a sync is. */
const BELOW_THE_STORE = new Set(["node-disk.ts", "disk-port.ts"]);
const SYNC = /\.(datasync|syncDirectory)\(/;

/**
 * The line of the store that asks for the sync which is running now: `packs/pack-writer.ts:123`. A method that only
 * passes the wish on (`#datasync`) is named together with who called it, so that each wish can be left out alone.
 */
export function callingSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  const stack = new Error("where").stack ?? "";
  Error.stackTraceLimit = stackTraceLimit;
  const frames = stack.split("\n").flatMap((frame) => {
    const found = /([^\s()]+\.ts):(\d+):\d+\)?$/.exec(frame.replaceAll("file://", ""));
    const path = found?.[1] === undefined ? ".." : relative(STORE, found[1]);
    const isOfStore = !path.startsWith("..") && !path.endsWith(".test.ts");
    return isOfStore ? [{ path, site: `${path}:${found?.[2]}`, passesOn: frame.includes("#datasync") }] : [];
  });
  const [asking] = frames;
  if (asking === undefined) return "outside the store";
  // What is passed on through open files comes back on another turn of the event loop, with the caller still on the stack.
  const caller = frames.slice(1).find(({ path, passesOn }) => path === asking.path && !passesOn);
  return caller === undefined ? asking.site : `${asking.site} for ${caller.site}`;
}

/** Every line of the store's source that asks for a sync. */
export async function syncsInSource(): Promise<string[]> {
  const sites: string[] = [];
  for (const entry of await readdir(STORE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts") || entry.name.endsWith(".test.ts")) continue;
    if (BELOW_THE_STORE.has(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [index, line] of (await readFile(path, "utf8")).split("\n").entries()) {
      if (SYNC.test(line)) sites.push(`${relative(STORE, path)}:${index + 1}`);
    }
  }
  return sites;
}
