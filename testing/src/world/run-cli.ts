/**
 * [Note: Commands in this process]
 * To start a program takes half a second of a core, twenty times as much as most commands need. What a command does, says and answers is the
 * same in this process, through the door that the program itself goes through (`main.ts` of both): stories about what it does run it here.
 * Stories about a process start one: killing and stopping it, several at once, its exit code as a shell gets it, how it is launched.
 */

import { spawn } from "node:child_process";
import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { runExcalibur } from "../../../cli/src/program.ts";
import { processTerminal } from "../../../cli/src/terminal/terminal.ts";
import { runServerCli as runServerCommand } from "../../../server/src/cli/program.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CLIENT = path.join(ROOT, "cli/bin/excalibur.cjs");
const SERVER = path.join(ROOT, "server/bin/excalibur-server.cjs");

export interface CliOptions {
  /** What is typed or piped in; none means that there is no input. */
  readonly stdin?: string | Uint8Array;
}

export interface ProgramOptions extends CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Given the process id once it runs: for whoever wants to kill it. */
  readonly onStart?: (pid: number) => void;
}

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The same before it was taken for text. */
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

interface ServerData {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
}

/** Runs `excalibur …` in this process with its state in `home`, as somebody in a shell without a terminal would. */
export async function runCli(home: string, args: readonly string[], { stdin = "" }: CliOptions = {}): Promise<CliRun> {
  const [input, stdout, stderr] = [new PassThrough(), new Collector(), new Collector()];
  input.end(stdin);
  const shell = { stdin: input, stdout, stderr } as unknown as NodeJS.Process;
  const env = { ...process.env, EXCALIBUR_HOME: home, NO_COLOR: "1" };
  const exitCode = await runExcalibur(args, processTerminal(shell), new AbortController().signal, env);
  const stdoutBytes = stdout.bytes();
  return { exitCode, stdout: stdoutBytes.toString(), stdoutBytes, stderr: stderr.bytes().toString() };
}

/** The same in a process of its own. */
export function runCliProgram(home: string, args: readonly string[], options: ProgramOptions = {}): Promise<CliRun> {
  return run([CLIENT, ...args], { ...options, env: { ...options.env, EXCALIBUR_HOME: home } });
}

/** Runs `excalibur-server …` in this process, on a data folder if one is given. */
export async function runServerCli(place: ServerData | undefined, args: readonly string[]): Promise<CliRun> {
  const [said, complained]: [string[], string[]] = [[], []];
  const exitCode = await runServerCommand([...args, ...onData(place)], {
    isTerminal: false,
    say: (text) => void said.push(`${text}\n`),
    complain: (text) => void complained.push(`${text}\n`),
  });
  const stdout = said.join("");
  return { exitCode, stdout, stdoutBytes: Buffer.from(stdout), stderr: complained.join("") };
}

/** The same in a process of its own. */
export function runServerProgram(place: ServerData | undefined, args: readonly string[]): Promise<CliRun> {
  return run([SERVER, ...args, ...onData(place)], {});
}

function onData(place: ServerData | undefined): string[] {
  if (place === undefined) return [];
  return [
    "--data",
    place.dataFolder,
    ...(place.databaseUrl === undefined ? [] : ["--database-url", place.databaseUrl]),
  ];
}

/** Keeps what is written. */
class Collector extends Writable {
  readonly #pieces: Buffer[] = [];

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    // Who wrote it may use its memory again.
    this.#pieces.push(Buffer.from(piece));
    done();
  }
}

function run(command: readonly string[], { stdin, env, signal, onStart }: ProgramOptions): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      env: { ...process.env, ...env, NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    if (child.pid !== undefined) onStart?.(child.pid);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (exitCode) => {
      const stdoutBytes = Buffer.concat(stdout);
      resolve({ exitCode, stdout: stdoutBytes.toString(), stdoutBytes, stderr: Buffer.concat(stderr).toString() });
    });
    // A program that ended already does not read.
    child.stdin.once("error", () => undefined);
    child.stdin.end(stdin ?? "");
  });
}
