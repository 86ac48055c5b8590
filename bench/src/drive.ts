import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, runCommand } from "./run-command.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SERVER = join(ROOT, "server", "bin", "excalibur-server.cjs");
const CLI = join(ROOT, "cli", "bin", "excalibur.cjs");
const PASSWORD = "benchmarks want a password too\n";

/** A real server with one account, both as a person would start them, in a temporary folder. */
export interface Drive extends AsyncDisposable {
  readonly folder: string;
  readonly sqliteFile: string;
  /** Process id of the server. */
  readonly serverPid: number;
  readonly origin: string;
  /** Runs the command line as the account. */
  run(args: readonly string[]): Promise<Finished>;
}

export async function startDrive(): Promise<Drive> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-bench-"));
  const data = join(folder, "data");
  // As on a terminal: what is written for every request is no part of what is measured.
  const server = spawn(process.execPath, [SERVER, "start", "--data", data, "--port", "0", "--log-level", "warn"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const origin = await new Promise<string>((resolve, reject) => {
    let printed = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const address = /Address\s+(http:\/\/\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
    server.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${printed}`)));
  });
  const invite = await runCommand([process.execPath, SERVER, "invite", "create", "--json", "--data", data]);
  const { url } = JSON.parse(invite.stdout) as { url: string };
  const env = { EXCALIBUR_HOME: join(folder, "home") };
  const run = (args: readonly string[], stdin?: string) =>
    runCommand([process.execPath, CLI, ...args], { env, ...(stdin !== undefined && { stdin }) });
  await run(
    ["sign-up", "bench", "--invite", url, "--password-stdin", "--recovery-file", join(folder, "words")],
    PASSWORD,
  );
  return {
    folder,
    sqliteFile: join(data, "excalibur.sqlite"),
    origin,
    serverPid: server.pid as number,
    run: (args) => run(args),
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
