import { spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CLIENT = path.join(ROOT, "cli/bin/excalibur.cjs");
const SERVER = path.join(ROOT, "server/bin/excalibur-server.cjs");

export interface CliOptions {
  /** What is typed or piped in; none means that there is no input. */
  readonly stdin?: string | Uint8Array;
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

/** Runs `excalibur …` with its state in `home`, as somebody in a shell without a terminal would. */
export function runCli(home: string, args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return run([CLIENT, ...args], { ...options, env: { ...options.env, EXCALIBUR_HOME: home } });
}

/** Runs `excalibur-server …`, on a data folder if one is given. */
export function runServerCli(
  place: { readonly dataFolder: string; readonly databaseUrl?: string | undefined } | undefined,
  args: readonly string[],
): Promise<CliRun> {
  if (place === undefined) return run([SERVER, ...args], {});
  const database = place.databaseUrl === undefined ? [] : ["--database-url", place.databaseUrl];
  return run([SERVER, ...args, "--data", place.dataFolder, ...database], {});
}

function run(command: readonly string[], { stdin, env, signal, onStart }: CliOptions): Promise<CliRun> {
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
