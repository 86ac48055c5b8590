import { EventEmitter } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { IntegrityError } from "@excalibur/core/bytes";
import { LockedError, NetworkError, NotFoundError, NotSignedInError, UserNameError } from "@excalibur/sdk";
import { SessionEndedError } from "@excalibur/sdk/transport";
import { describe, expect, it } from "vitest";
import { LocalFileError } from "../local-files/local-error.ts";
import { Cli, type Work } from "../run.ts";
import { shown } from "./escape.ts";
import { CancelledError, EXIT, failureOf, UsageError, worst } from "./failure.ts";
import { describeClock, formatDuration, formatSize, isoTime, localTime } from "./format.ts";
import { Output } from "./output.ts";
import { createProgress } from "./progress.ts";
import { readLines } from "./prompts.ts";
import { endOnSignals } from "./signals.ts";
import { OutputClosedError, processTerminal, type Terminal } from "./terminal.ts";

function memoryTerminal(input = ""): Terminal & { readonly out: string[]; readonly err: string[] } {
  const stream = new PassThrough();
  stream.end(input);
  const out: string[] = [];
  const err: string[] = [];
  return {
    input: stream as unknown as NodeJS.ReadStream,
    errors: new PassThrough() as unknown as NodeJS.WriteStream,
    canAsk: false,
    isWatched: false,
    isShown: false,
    say: (text) => void out.push(text),
    complain: (text) => void err.push(text),
    write: async () => undefined,
    out,
    err,
  };
}

describe("exit codes", () => {
  it.each<[unknown, number, string]>([
    [new UsageError("x"), 2, "usage"],
    [new UserNameError(), 2, "bad_user_name"],
    [new IntegrityError("x"), 3, "integrity"],
    [new NotSignedInError(), 4, "not_signed_in"],
    [new LockedError(), 4, "locked"],
    [new SessionEndedError("session_ended", { status: 401 }), 4, "session_ended"],
    [new NotFoundError(), 1, "not_found"],
    [new NetworkError("x"), 1, "network"],
    [new LocalFileError("local_full"), 1, "local_full"],
    [new Error("x"), 1, "unexpected"],
    [new CancelledError(), 130, "cancelled"],
    [new OutputClosedError(), 0, "output_closed"],
  ])("of %o is %i", async (error, exitCode, code) => {
    expect(await failureOf(error)).toMatchObject({ exitCode, code });
  });

  it("of several put integrity first", () => {
    expect(worst(EXIT.failed, EXIT.integrity)).toBe(EXIT.integrity);
    expect(worst(EXIT.integrity, EXIT.notSignedIn)).toBe(EXIT.integrity);
    expect(worst(EXIT.ok, EXIT.failed)).toBe(EXIT.failed);
  });
});

describe("what is said", () => {
  const signal = new AbortController().signal;

  it("is one JSON document on stdout and one JSON line on stderr", async () => {
    const terminal = memoryTerminal();
    const output = new Output(terminal, { json: true });
    output.note("nobody reads this");
    output.result({ a: "\u202E" }, () => ["text"]);
    await output.failed(new NotFoundError(), signal);
    expect(terminal.out).toEqual(['{"a":"\u202E"}']);
    expect(terminal.err).toHaveLength(1);
    expect(JSON.parse(terminal.err[0] as string)).toEqual({
      error: { code: "not_found", message: expect.stringContaining("nothing by that name") as unknown },
    });
  });

  it("is text for people, less of it when quiet", async () => {
    const terminal = memoryTerminal();
    new Output(terminal, {}).done({}, "done");
    new Output(terminal, { quiet: true }).done({}, "not said");
    new Output(terminal, { quiet: true }).result({}, () => ["asked for"]);
    new Output(terminal, { quiet: true }).note("not said");
    expect(terminal.out).toEqual(["done", "asked for"]);
    expect(terminal.err).toEqual([]);
  });

  it("is that it was stopped when the person stopped it", async () => {
    const controller = new AbortController();
    controller.abort(new CancelledError());
    const terminal = memoryTerminal();
    const code = await new Output(terminal, {}).failed(new DOMException("x", "AbortError"), controller.signal);
    expect(code).toBe(EXIT.cancelled);
  });

  it("has no name that moves the cursor", () => {
    expect(shown("a\u001b[2Jb\r\n\u202Etxt.\u2066\u0085")).toBe(
      "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}txt.\\u{2066}\\u{85}",
    );
    expect(shown("Привет 日本 👨‍👩‍👧 می‌خواهم")).toBe("Привет 日本 👨‍👩‍👧 می‌خواهم");
    expect(shown("\uD800")).toBe("\\u{d800}");
  });
});

describe("figures", () => {
  it("are short", () => {
    expect([0, 999, 1000, 1536, 5 * 1024 ** 3].map(formatSize)).toEqual([
      "0 B",
      "999 B",
      "1.0 KiB",
      "1.5 KiB",
      "5.0 GiB",
    ]);
    expect([999, 90_000, -18_000_000].map(describeClock)).toEqual([
      "agrees with the server",
      "1 min 30 s behind the server; corrected for",
      "5 h 0 min ahead of the server; corrected for",
    ]);
    expect([0.2, 59, 95, 7300].map(formatDuration)).toEqual(["1 s", "59 s", "1 min 35 s", "2 h 1 min"]);
  });

  it("tell times that no calendar has", () => {
    expect(isoTime(-1)).toBe("1969-12-31T23:59:59.999Z");
    expect(isoTime(Number.MAX_SAFE_INTEGER)).toBeNull();
    expect(localTime(Number.MAX_SAFE_INTEGER)).toContain("no date");
  });
});

describe("progress", () => {
  it("says nothing about what is quick, and nothing at all when nobody wants it", async () => {
    const terminal = memoryTerminal();
    for (const isSilent of [true, false]) {
      const progress = await createProgress({ terminal, verb: "Storing", isSilent });
      for (let file = 0; file < 1000; file++) progress.bytes(1);
      progress.fileDone();
      progress.stop();
    }
    expect(terminal.err).toEqual([]);
  });
});

describe("lines of stdin", () => {
  it("are read without their ends, spaces included", async () => {
    expect(await readLines(memoryTerminal(" a \r\nb\nc"), 2)).toEqual([" a ", "b"]);
    expect(await readLines(memoryTerminal("last"), 1)).toEqual(["last"]);
  });

  it("must be there", async () => {
    await expect(readLines(memoryTerminal("one\n"), 2)).rejects.toThrow(UsageError);
  });
});

describe("output that cannot be written", () => {
  function terminalOnFullDisk() {
    const err: string[] = [];
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    const stderr = { write: (text: string) => void err.push(text) };
    const target = { stdin: new PassThrough(), stdout, stderr } as unknown as NodeJS.Process;
    return { err, cli: new Cli(processTerminal(target), new AbortController().signal) };
  }

  it.each<[string, Work]>([
    ["lines", async ({ output }) => output.result(undefined, () => ["a line"])],
    ["bytes", ({ terminal }) => terminal.write(new Uint8Array(5))],
  ])("is a failure, told once: %s", async (_, work) => {
    const { err, cli } = terminalOnFullDisk();
    await cli.run({}, work);
    expect(cli.exitCode).toBe(EXIT.failed);
    expect(err).toEqual([expect.stringMatching(/disk .* is full.* \(output_lost\)\n$/)]);
  });
});

describe("an integrity violation", () => {
  it("is called by its name, with what to do; machines get its code", async () => {
    const { signal } = new AbortController();
    const [forPeople, forMachines] = [memoryTerminal(), memoryTerminal()];
    await new Output(forPeople, { quiet: true }).failed(new IntegrityError("What happened."), signal);
    expect(forPeople.err).toEqual(["What happened. (integrity)", expect.stringMatching(/integrity violation.*Keep/)]);
    await new Output(forMachines, { json: true }).failed(new IntegrityError("What happened."), signal);
    expect(forMachines.err).toHaveLength(1);
    await new Output(forMachines, {}).failed(new NotFoundError(), signal);
    expect(forMachines.err).toHaveLength(2);
  });
});

describe("being told to end", () => {
  function running() {
    const exits: number[] = [];
    const target = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
    return { exits, target, signal: endOnSignals(target as unknown as NodeJS.Process) };
  }

  it("lets a command clean up, and ends it at once on a second Ctrl-C", () => {
    const { exits, target, signal } = running();
    target.emit("SIGINT", "SIGINT");
    expect(signal.aborted).toBe(true);
    expect(exits).toEqual([]);
    target.emit("SIGINT", "SIGINT");
    expect(exits).toEqual([EXIT.cancelled]);
  });

  it("is no hurry when a supervisor's word arrives twice, once by the launcher", () => {
    const { exits, target, signal } = running();
    target.emit("SIGTERM", "SIGTERM");
    target.emit("SIGTERM", "SIGTERM");
    target.emit("SIGHUP", "SIGHUP");
    expect(signal.aborted).toBe(true);
    expect(exits).toEqual([]);
  });
});
