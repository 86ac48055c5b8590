import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { exampleFile, readSettings, SETTINGS, settingsTable } from "./index.ts";

const PAGE = resolve(import.meta.dirname, "../../../../docs/operate/config.md");
const TABLE = /(<!-- settings: begin[^>]*-->\n\n)[\s\S]*?(\n\n<!-- settings: end -->)/;

it("the settings in docs/operate/config.md are the ones of the table", () => {
  const page = readFileSync(PAGE, "utf8");
  const renewed = page.replace(TABLE, (_, begin: string, end: string) => begin + settingsTable() + end);
  expect(TABLE.test(page)).toBe(true);
  if (process.env["EXCALIBUR_WRITE_DOCS"] === "1") writeFileSync(PAGE, renewed);
  else expect(page).toBe(renewed);
});

it("every setting is explained, and has a key, flag and variable of its own", () => {
  expect(new Set(SETTINGS.map(({ key }) => key)).size).toBe(SETTINGS.length);
  expect(new Set(SETTINGS.map(({ key }) => key.replaceAll(".", "_"))).size).toBe(SETTINGS.length);
  for (const { key, doc } of SETTINGS) {
    expect(key).toMatch(/^[a-z]+(_[a-z0-9]+)*(\.[a-z]+(_[a-z0-9]+)*)?$/);
    expect([key, doc]).toEqual([key, expect.stringMatching(/^.{10,}[^.]$/)]);
  }
});

it("the example file changes nothing, as it is and with every comment taken away", () => {
  const folder = mkdtempSync(join(tmpdir(), "excalibur-test-"));
  const file = join(folder, "excalibur.toml");
  const read = () => readSettings({ flags: new Map([["--data", folder]]), env: {} });
  try {
    const { config } = read();
    writeFileSync(file, exampleFile());
    expect(read()).toMatchObject({ config, fileExists: true });
    writeFileSync(file, exampleFile().replaceAll(/^#(?=[a-z_]+ = )/gm, ""));
    const { config: same, effective } = read();
    expect(same).toEqual(config);
    expect(effective.filter(({ source }) => source === "file")).toHaveLength(SETTINGS.length - 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
