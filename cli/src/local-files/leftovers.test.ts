import { link, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sweepLeftovers } from "./leftovers.ts";

const ID = "00000000-0000-4000-8000-000000000000";
/** Larger than any system gives to a process. */
const NOBODY = 2 ** 30;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(name: string): Promise<void> {
  return writeFile(join(folder, name), "something");
}

it("takes away what a process has left that does not run any more, and what has its own name already", async () => {
  await write(`.excalibur-p${NOBODY}-${ID}.part`);
  await write(`.excalibur-p${NOBODY}-0123abcd-éa.part`);
  await write("film");
  await link(join(folder, "film"), join(folder, `.excalibur-${ID}.part`));
  await sweepLeftovers(folder);
  expect(await readdir(folder)).toEqual(["film"]);
});

it("leaves what is being written, what somebody will go on with, and what is none of ours", async () => {
  const names = [
    `.excalibur-p${process.pid}-${ID}.part`,
    `.excalibur-p${process.ppid}-${ID}.part`,
    `.excalibur-${ID}.part`,
    ".excalibur-notes.part",
    `excalibur-p${NOBODY}-${ID}.part`,
    `.excalibur-p${NOBODY}-${ID}.part.txt`,
  ];
  for (const name of names) await write(name);
  await symlink("elsewhere", join(folder, `.excalibur-p${NOBODY}-0${ID}.part`));
  await sweepLeftovers(folder);
  expect(await readdir(folder)).toEqual([...names, `.excalibur-p${NOBODY}-0${ID}.part`].sort());
});

it("does not mind a folder that cannot be looked through", async () => {
  await sweepLeftovers(join(folder, "gone"));
  expect(await readdir(folder)).toEqual([]);
});
