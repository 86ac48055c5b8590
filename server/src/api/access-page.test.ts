import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { accessTables } from "../testing/access/index.ts";

const PAGE = resolve(import.meta.dirname, "../../../docs/spec/access.md");
const TABLES = /(<!-- access: begin[^>]*-->\n\n)[\s\S]*?(\n\n<!-- access: end -->)/;

it("docs/spec/access.md says what the server is tested for", () => {
  const page = readFileSync(PAGE, "utf8");
  const renewed = page.replace(TABLES, (_, begin: string, end: string) => begin + accessTables() + end);
  expect(TABLES.test(page)).toBe(true);
  if (process.env["EXCALIBUR_WRITE_DOCS"] === "1") writeFileSync(PAGE, renewed);
  else expect(page).toBe(renewed);
});
