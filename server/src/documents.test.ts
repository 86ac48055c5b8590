import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ERROR_CODES, ROUTES } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { migrate, openDatabase } from "./db/index.ts";

const page = (name: string) => readFile(resolve(import.meta.dirname, "../../docs/spec", name), "utf8");

describe("docs/spec/wire.md", () => {
  it("names every route with its kind, every error of its own and every error code with its sentence", async () => {
    const text = await page("wire.md");
    const missing: string[] = [];
    for (const { method, path, kind, query, errors = [] } of ROUTES) {
      const names = Object.keys((query as { properties?: object } | undefined)?.properties ?? {});
      const address = names.length > 0 ? `${path}?${names.join("&")}` : path;
      const row = text.split("\n").find((line) => line.startsWith(`| ${method} \`${address}\` | ${kind} |`));
      if (!row || errors.some((code) => !row.includes(`\`${code}\``))) missing.push(`${method} ${address}`);
    }
    for (const [code, [status, detail]] of Object.entries(ERROR_CODES)) {
      if (!text.includes(`| \`${code}\` | ${status} | ${detail} |`)) missing.push(code);
    }
    expect(missing).toEqual([]);
  });
});

describe("docs/spec/data.md", () => {
  it("names every table and every column", async () => {
    const text = await page("data.md");
    const database = await openDatabase({ sqliteFile: ":memory:" });
    await migrate(database);
    const tables = await database.migration.change((db) => db.introspection.getTables());
    await database.close();
    expect(tables.length).toBeGreaterThan(20);
    const missing = tables.flatMap(({ name, columns }) => {
      const about = text.slice(text.indexOf(`**${name}** —`)).split(/\n\n/, 1)[0] ?? "";
      return columns
        .filter((column) => !about.includes(`\`${column.name}\``))
        .map((column) => `${name}.${column.name}`);
    });
    expect(missing).toEqual([]);
  });
});
