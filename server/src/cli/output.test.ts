import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const main = resolve(import.meta.dirname, "main.ts");

/** Runs a command that says more than a pipe holds at once. */
function run(stdout: "pipe" | number) {
  const child = spawn(process.execPath, [main, "config", "example"], { stdio: ["ignore", stdout, "pipe"] });
  let complained = "";
  child.stderr?.on("data", (bytes) => {
    complained += String(bytes);
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code, complained })) };
}

it("whose reader goes away early ends without a word", async () => {
  const { child, ended } = run("pipe");
  child.stdout?.destroy();
  expect(await ended).toEqual({ code: 0, complained: "" });
});

it.runIf(existsSync("/dev/full"))("that cannot be written is a failure, said in a sentence", async () => {
  await using full = await open("/dev/full", "w");
  const { code, complained } = await run(full.fd).ended;
  expect([code, complained]).toEqual([1, "The output could not be written (ENOSPC).\n"]);
});
