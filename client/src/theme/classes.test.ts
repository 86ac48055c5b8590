import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = path.resolve(import.meta.dirname, "..");
/** A rule of its own, outside of media queries: `.name {` or one of several in its list. */
const OWN_RULE = /^\.([a-z][\w-]*)(?=,$| \{$)/gm;

describe("classes", () => {
  it("are styled by one file each: which of two comes last depends on what was opened before", async () => {
    const homes = new Map<string, Set<string>>();
    for await (const file of glob("**/*.css", { cwd: SOURCES })) {
      const styles = await readFile(path.join(SOURCES, file), "utf8");
      for (const [, name = ""] of styles.matchAll(OWN_RULE)) homes.set(name, (homes.get(name) ?? new Set()).add(file));
    }
    expect(homes.size).toBeGreaterThan(100);
    const shared = [...homes].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files].join(" "));
    expect(shared).toEqual([]);
  });
});
