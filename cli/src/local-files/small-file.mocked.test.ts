import { appendFileSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readSmallFile } from "./small-file.ts";

/** What happens to the file between the system's calls. */
let meanwhile: (() => void) | undefined;

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    readSync: (...args: Parameters<typeof fs.readSync>) => {
      const read = fs.readSync(...args);
      meanwhile?.();
      meanwhile = undefined;
      return read;
    },
  };
});

let base: string;
let path: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "excalibur-small-"));
  path = join(base, "a.txt");
  await writeFile(path, "0123456789");
});

afterEach(() => rm(base, { recursive: true, force: true }));

it("gives a small file whole", () => {
  expect(new TextDecoder().decode(readSmallFile(path)?.data)).toBe("0123456789");
});

it.each<[string, () => void]>([
  ["grows", () => appendFileSync(path, "x")],
  ["is written again", () => writeFileSync(path, "9876543210")],
  ["gets another time", () => utimesSync(path, 1, 1)],
])("gives nothing when it %s while it is read", (_, change) => {
  utimesSync(path, 5, 5);
  meanwhile = change;
  expect(readSmallFile(path)).toBeUndefined();
});

it("says so when it vanishes while it is read", () => {
  meanwhile = () => unlinkSync(path);
  expect(() => readSmallFile(path)).toThrow(expect.objectContaining({ code: "local_missing" }));
});
