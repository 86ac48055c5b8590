import { globSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../../scripts/test/long-mode.ts";
import { GROUPS, ROWS, rowsTable } from "./rows.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const PAGE = resolve(ROOT, "docs/threat-model.md");
const TABLE = /(<!-- attacks: begin[^>]*-->\n\n)[\s\S]*?(\n\n<!-- attacks: end -->)/;
/** A title is the first argument of a call: `it("A1, A3 …"`, `])("C5 …"`. */
const TITLE = /\(\s*["'`]([A-H]\d{1,2}(?:, [A-H]\d{1,2})*) [^"'`]/g;

/** Rows that tests name, and where. */
function namedRows(): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  const files = globSync("{core,sdk,server,cli,client,testing,scripts}/**/*.{test,suite}.ts", {
    cwd: ROOT,
    exclude: ["**/node_modules/**", "**/fixtures/**"],
  });
  for (const file of files) {
    for (const [, ids] of readFileSync(resolve(ROOT, file), "utf8").matchAll(TITLE)) {
      for (const id of (ids as string).split(", ")) named.set(id, (named.get(id) ?? new Set()).add(file));
    }
  }
  return named;
}

describe("the catalogue of attacks", () => {
  const named = namedRows();

  it("has a test for each row that is said to be tested", ({ task }) => {
    const tested = Object.entries(ROWS).flatMap(([id, { waitsFor }]) => (waitsFor === undefined ? [id] : []));
    expect(tested.filter((id) => !named.has(id))).toEqual([]);
    expect(tested.length).toBeGreaterThan(50);
    count(task, { "rows of attacks that are tested": tested.length });
  });

  it("has a row for each id that a test names, and none of those is said to be open", () => {
    expect([...named.keys()].filter((id) => ROWS[id] === undefined || ROWS[id].waitsFor !== undefined)).toEqual([]);
  });

  it("has a group for each row", () => {
    for (const id of Object.keys(ROWS)) expect(GROUPS).toHaveProperty(id.slice(0, 1));
  });

  it("is the one that docs/threat-model.md shows", () => {
    const page = readFileSync(PAGE, "utf8");
    const renewed = page.replace(TABLE, (_, begin: string, end: string) => begin + rowsTable() + end);
    expect(TABLE.test(page)).toBe(true);
    if (process.env["EXCALIBUR_WRITE_DOCS"] === "1") writeFileSync(PAGE, renewed);
    else expect(page).toBe(renewed);
  });
});
