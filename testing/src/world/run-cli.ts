import { spawn } from "node:child_process";
import path from "node:path";

const LAUNCHER = path.resolve(import.meta.dirname, "../../../cli/bin/excalibur.cjs");

export interface CliOptions {
  /** What is typed or piped in; none means that there is no input. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `excalibur …` with its state in `home`, as somebody in a shell without a terminal would. */
export function runCli(home: string, args: readonly string[], { stdin, env, signal }: CliOptions): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      env: { ...process.env, ...env, EXCALIBUR_HOME: home, NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on("data", (chunk: Buffer) => output.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        exitCode,
        stdout: Buffer.concat(output.stdout).toString(),
        stderr: Buffer.concat(output.stderr).toString(),
      }),
    );
    // A program that ended already does not read.
    child.stdin.once("error", () => undefined);
    child.stdin.end(stdin ?? "");
  });
}
