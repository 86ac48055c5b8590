import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRange, toDataRange } from "./commands/cat.ts";
import { createProgram, runExcalibur } from "./program.ts";
import { Cli } from "./run.ts";
import type { Terminal } from "./terminal/terminal.ts";

let home: string;
const before = process.env["EXCALIBUR_HOME"];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "excalibur-home-"));
  process.env["EXCALIBUR_HOME"] = home;
});

afterAll(async () => {
  if (before === undefined) delete process.env["EXCALIBUR_HOME"];
  else process.env["EXCALIBUR_HOME"] = before;
  await rm(home, { recursive: true, force: true });
});

function memoryTerminal() {
  const input = new PassThrough();
  input.end();
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    input: input as unknown as NodeJS.ReadStream,
    errors: new PassThrough() as unknown as NodeJS.WriteStream,
    canAsk: false,
    isWatched: false,
    isShown: false,
    say: (text) => void out.push(text),
    complain: (text) => void err.push(text),
    write: async () => undefined,
  };
  return { terminal, out, err };
}

async function run(...args: string[]) {
  const { terminal, out, err } = memoryTerminal();
  const exitCode = await runExcalibur(args, terminal, new AbortController().signal);
  return { exitCode, out: out.join("\n"), err: err.join("\n") };
}

describe("help", () => {
  const { terminal } = memoryTerminal();
  const program = createProgram(new Cli(terminal, new AbortController().signal), { errorsAsJson: false });
  const commands = (parent: Command): Command[] => parent.commands.flatMap((each) => [each, ...commands(each)]);

  it("has every command of the promise", () => {
    expect(commands(program).map((command) => command.name())).toEqual(
      expect.arrayContaining(
        "sign-up sign-in recover password sign-out lock whoami status trust rejoin ls mkdir stat put get cat mv cp rm trash restore empty verify fsck seal open key create show import-v2".split(
          " ",
        ),
      ),
    );
  });

  it.each(commands(program).filter((command) => command.commands.length === 0))(
    "of $_name has an example and --json",
    async (command) => {
      const path = command.parent === program ? [command.name()] : [command.parent?.name() ?? "", command.name()];
      const { exitCode, out } = await run(...path, "--help");
      expect(exitCode).toBe(0);
      expect(out).toContain(`\n  excalibur ${path.join(" ")}`);
      expect(out).toContain("--json");
    },
  );
});

describe("a command that is written wrongly", () => {
  it.each([
    [],
    ["frob"],
    ["ls", "--bogus"],
    ["ls", "/a", "/b"],
    ["put", "/only-one"],
    ["put", "a", "/b", "--replace", "--keep-both"],
    ["get", "/only-one"],
    ["cat", "/a", "--range", "x"],
    ["mv", "/a"],
    ["sign-in", "alice"],
    ["sign-up", "alice"],
    ["sign-up", "No Name", "--invite", "http://x/#invite=AAAAAAAAAAAAAAAAAAAAAA"],
    ["sign-up", "alice", "--invite", "nonsense", "--server", "http://127.0.0.1:1"],
    ["sign-in", "alice", "--server", "http://127.0.0.1:1"],
  ])("ends with 2: %j", async (...args) => {
    const { exitCode, out, err } = await run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).not.toBe("");
  });

  it.each([["frob"], ["put", "/only-one"]])("is told in JSON when asked for: %j", async (...args) => {
    const { exitCode, err } = await run(...args, "--json");
    expect(exitCode).toBe(2);
    expect(JSON.parse(err)).toEqual({ error: { code: "usage", message: expect.any(String) as unknown } });
  });
});

describe("without an account", () => {
  it.each([
    ["ls"],
    ["whoami"],
    ["status"],
    ["put", "a", "/"],
    ["get", "/a", "."],
    ["cat", "/a"],
    ["lock"],
    ["sign-out"],
    ["trash", "ls"],
    ["verify"],
  ])("%s ends with 4", async (...args) => {
    const { exitCode, out, err } = await run(...args, "--json");
    expect({ exitCode, out }).toEqual({ exitCode: 4, out: "" });
    expect(JSON.parse(err)).toMatchObject({ error: { code: "not_signed_in" } });
  });
});

describe("a range", () => {
  it.each<[string, number, [number, number]]>([
    ["0-0", 10, [0, 1]],
    ["0-99", 10, [0, 10]],
    ["5-", 10, [5, 10]],
    ["-3", 10, [7, 10]],
    ["-30", 10, [0, 10]],
    ["20-30", 10, [20, 10]],
  ])("%s of %i bytes", (typed, size, [start, end]) => {
    expect(toDataRange(parseRange(typed), size)).toEqual({ start, end });
  });

  it.each(["", "-", "3-2", "a-b", "1", "1-2-3", "-0x1"])("%j is none", (typed) => {
    expect(() => parseRange(typed)).toThrow();
  });

  it("may be left out", () => {
    expect(toDataRange(undefined, 7)).toEqual({ start: 0, end: 7 });
  });
});
