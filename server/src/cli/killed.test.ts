import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const LAUNCHER = resolve(import.meta.dirname, "../../bin/excalibur-server.cjs");

let folder: string;
let data: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** A server as a process of its own; resolves when it has said this. */
async function start(until: RegExp) {
  const child = spawn(process.execPath, [LAUNCHER, "start", "--data", data, "--port", "0"]);
  children.push(child);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (until.test(said)) resolve();
    });
    child.once("exit", () => reject(new Error(`It ended after saying: ${said}`)));
  });
  return { child, said };
}

describe("two servers on one data folder", () => {
  it("are one: the second says where the first is, and a killed one is in nobody's way", async () => {
    const first = await start(/Address +http\S+\n/);
    const origin = /Address +(http\S+)\n/.exec(first.said)![1]!;
    const second = await start(/already running.*\n/);
    expect(second.said).toContain(origin);
    if (second.child.exitCode === null) await once(second.child, "exit");
    expect((await fetch(`${origin}/api/well-known/ready`)).status).toBe(200);

    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    expect(existsSync(join(data, "running.json"))).toBe(true);
    const third = await start(/Address +http\S+\n/);
    const { said } = third;
    expect((await fetch(`${/Address +(http\S+)\n/.exec(said)![1]}/api/well-known/ready`)).status).toBe(200);
    third.child.kill("SIGTERM");
    expect(await once(third.child, "exit")).toEqual([0, null]);
    expect(existsSync(join(data, "running.json"))).toBe(false);
  });
});
