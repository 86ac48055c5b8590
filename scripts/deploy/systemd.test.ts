import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const UNITS = join(ROOT, "docs/operate/systemd");
const PROGRAM_FOLDER = "/srv/excalibur/";

const names = await readdir(UNITS);
const services = names.filter((name) => name.endsWith(".service"));

/** Section, key and value of every line. */
function parseUnit(text: string): [section: string, key: string, value: string][] {
  let section = "";
  return text.split("\n").flatMap((line): [string, string, string][] => {
    if (line === "" || line.startsWith("#")) return [];
    const header = /^\[(\w+)\]$/.exec(line);
    if (header) {
      section = header[1]!;
      return [];
    }
    const pair = /^(\w+)=(.*)$/.exec(line);
    if (!pair || section === "") throw new Error(`Not a line of a unit: ${line}`);
    return [[section, pair[1]!, pair[2]!]];
  });
}

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-units-"));
  if (!hasSystemd)
    process.stdout.write("\n  NOT RUN: systemd-analyze is not on this machine; units were only parsed\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the systemd units", () => {
  it.each(names)("%s has well-formed lines, and starts what is there", async (name) => {
    const lines = parseUnit(await readFile(join(UNITS, name), "utf8"));
    for (const [, key, value] of lines.filter(([, key]) => key === "ExecStart" || key === "Documentation")) {
      const paths = value
        .replace("file://", "")
        .split(" ")
        .filter((word) => word.startsWith(PROGRAM_FOLDER));
      expect([key, paths.length]).toEqual([key, 1]);
      for (const path of paths) expect(existsSync(join(ROOT, path.slice(PROGRAM_FOLDER.length)))).toBe(true);
    }
    if (!name.endsWith(".service")) return;
    const settings = new Map(lines.map(([, key, value]) => [key, value]));
    expect(settings.get("User")).toBe("excalibur");
    expect(settings.get("UMask")).toBe("0077");
    expect(settings.get("ProtectSystem")).toBe("strict");
  });

  it("pass systemd-analyze, which finds little to attack", async () => {
    if (!hasSystemd) return;
    for (const name of names) {
      // The programs that they start are where they are on this machine.
      const text = (await readFile(join(UNITS, name), "utf8"))
        .replaceAll("/usr/bin/node", process.execPath)
        .replaceAll(PROGRAM_FOLDER, `${ROOT}/`);
      await writeFile(join(folder, name), text);
    }
    const paths = names.map((name) => join(folder, name));
    const verified = spawnSync("systemd-analyze", ["verify", "--recursive-errors=no", ...paths], { encoding: "utf8" });
    const complaints = verified.stderr.split("\n").filter((line) => names.some((name) => line.includes(name)));
    expect([verified.status, complaints]).toEqual([0, []]);
    for (const name of services) {
      // 0 is nothing to attack, 10 is everything; a unit without any of this has 9.6.
      const args = ["security", "--offline=true", "--threshold=25", "--no-pager", join(folder, name)];
      const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
      expect([name, status, stdout.split("\n").at(-2), stderr]).toEqual([name, 0, expect.any(String), ""]);
    }
  });
});
