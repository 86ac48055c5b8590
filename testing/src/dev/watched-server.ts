import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type FSWatcher, watch } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const SERVER = path.join(ROOT, "server/src/cli/main.ts");
/** What the server is made of. */
const SOURCES = ["core/src", "server/src"].map((folder) => path.join(ROOT, folder));
/** Editors write a file in several steps. */
const QUIET_MS = 150;
const NO_CODE = /\.(test|suite)\.ts$|~$|\.sw.$/;

export interface WatchedServerOptions {
  readonly dataFolder: string;
  /** 0 takes any free port, and keeps it over restarts. */
  readonly port: number;
  /** Folders whose changes restart the server, besides its sources. */
  readonly alsoWatch: readonly string[];
  /** A line for the person who watches. */
  readonly say: (line: string) => void;
}

/** `excalibur-server start` as a process of its own, ended and started again whenever its sources change. */
export class WatchedServer implements AsyncDisposable {
  readonly #options: WatchedServerOptions;
  readonly #watchers: FSWatcher[] = [];
  #port: number;
  #origin = "";
  #child: ChildProcess | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isEnding = false;

  private constructor(options: WatchedServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Throws when it does not start the first time. Later a server that does not start waits for the next change. */
  static async start(options: WatchedServerOptions): Promise<WatchedServer> {
    const server = new WatchedServer(options);
    if (!(await server.#run())) throw new Error("The server did not start; it says above why.");
    for (const folder of [...SOURCES, ...options.alsoWatch]) server.#watch(folder);
    return server;
  }

  get origin(): string {
    return this.#origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    for (const watcher of this.#watchers) watcher.close();
    clearTimeout(this.#quiet);
    await this.#turn;
    await this.#end();
  }

  #watch(folder: string): void {
    const watcher = watch(folder, { recursive: true }, (_, name) => {
      if (name === null || NO_CODE.test(name)) return;
      clearTimeout(this.#quiet);
      this.#quiet = setTimeout(() => this.#changed(name), QUIET_MS);
    });
    this.#watchers.push(watcher);
  }

  #changed(name: string): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#isEnding) return;
      this.#options.say(`${name} changed: the server starts again.`);
      await this.#end();
      if (await this.#run()) this.#options.say(`The server runs again at ${this.#origin}.`);
      else this.#options.say("The server did not start; it says above why. The next change tries again.");
    });
  }

  /** Whether it came up. */
  async #run(): Promise<boolean> {
    const { dataFolder, say } = this.#options;
    const args = [SERVER, "start", "--data", dataFolder, "--port", String(this.#port), "--log-level", "warn"];
    // In a group of its own: Ctrl-C reaches this program only, which then ends the server in its turn.
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "inherit"],
      detached: process.platform !== "win32",
    });
    this.#child = child;
    child.once("error", (error) => say(error.message));
    const origin = await new Promise<string | undefined>((resolve) => {
      let printed = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        const [, address] = /Address\s+(http:\/\/\S+)/.exec(printed) ?? [];
        if (address !== undefined) resolve(address);
      });
      child.once("close", () => resolve(undefined));
    });
    if (origin === undefined) return false;
    this.#origin = origin;
    this.#port = Number(new URL(origin).port);
    return true;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill("SIGTERM");
    await ended;
  }
}
