import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const ECHO = path.join(root, "scripts/setup/fixtures/echo.ts");

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Starts a process; `began` settles at its first output, `ended` when it and whatever it left behind have closed the pipe. */
function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child: ChildProcess = spawn(file, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const began = new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      resolve();
    });
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, output }));
  });
  return { child, began, ended };
}

/** What a launcher does on a Node that is too old: it starts another process. */
function startOnOther(args: readonly string[]) {
  const call = { root, entry: ECHO, args };
  return start(process.execPath, [
    "-e",
    `require("./scripts/launch.cjs").runOn(process.execPath, ${JSON.stringify(call)})`,
  ]);
}

describe("a launcher", () => {
  it("runs the entry here with its arguments", async () => {
    const call = JSON.stringify({ root, entry: ECHO, args: ["one", "two words"] });
    const { code, output } = await start(process.execPath, ["-e", `require("./scripts/launch.cjs").launch(${call})`])
      .ended;
    expect(JSON.parse(output)).toMatchObject({ args: ["one", "two words"] });
    expect(code).toBe(0);
  });

  it("passes arguments to the pinned Node and its exit code back", async () => {
    const { code, output } = await startOnOther(["--fail", "two words"]).ended;
    expect(JSON.parse(output)).toMatchObject({ args: ["--fail", "two words"] });
    expect(code).toBe(3);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("passes %s on and waits for the end", async (signal) => {
    const { child, began, ended } = startOnOther(["--wait"]);
    await began;
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 7, output: expect.stringContaining(signal) });
  });

  it("says what to do where nothing is installed", async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), "excalibur-empty-"));
    const call = JSON.stringify({ root: empty, entry: ECHO, args: [] });
    const { code, output } = await start(process.execPath, ["-e", `require("./scripts/launch.cjs").launch(${call})`])
      .ended;
    expect(output).toContain(`Run \`npm start\` once in ${empty}`);
    expect(code).toBe(1);
    await rm(empty, { recursive: true });
  });
});

describe("setup", () => {
  it("hands over at once when everything is there", async () => {
    const args = ["scripts/setup.mjs", "test", "scripts/setup/fixtures/echo.ts", "start", "--port", "1"];
    const { code, output } = await start(process.execPath, args).ended;
    expect(JSON.parse(output)).toMatchObject({ args: ["start", "--port", "1"] });
    expect(code).toBe(0);
  });

  it("explains its use", async () => {
    const { code, output } = await start(process.execPath, ["scripts/setup.mjs", "bake"]).ended;
    expect(output).toContain("Usage:");
    expect(code).toBe(1);
  });

  it.runIf(process.platform !== "win32")("ends with the shell that npm put between", async () => {
    const command = `"${process.execPath}" scripts/setup.mjs test scripts/setup/fixtures/echo.ts --wait; true`;
    const { child, began, ended } = start("sh", ["-c", command], { ...process.env, npm_lifecycle_event: "start" });
    await began;
    child.kill("SIGTERM");
    expect((await ended).output).toContain("SIGTERM");
  });
});
