import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const SERVER = join(ROOT, "server/src/cli/main.ts");
const DIE_AT_STEP = join(ROOT, "server/src/testing/die-at-step.ts");

export interface ServerPlace {
  readonly dataFolder: string;
  readonly databaseUrl?: string | undefined;
}

/** "before" or "after" something that changes a disk or a database, and the how manyth of its name. */
export interface Step {
  readonly name: string;
  readonly count: number;
}

/** The steps that a program of the server or a client takes, and the one at which it is to die. */
export class Steps {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async in(folder: string): Promise<Steps> {
    await mkdir(folder, { recursive: true });
    return new Steps(folder);
  }

  get env(): Readonly<Record<string, string>> {
    return { EXCALIBUR_TEST_STEPS: this.#folder };
  }

  /** From now on steps are written down. */
  async watch(): Promise<void> {
    await rm(join(this.#folder, "steps"), { force: true });
    await writeFile(join(this.#folder, "plan"), "");
  }

  /** The program dies when it comes to this step. */
  async dieAt({ name, count }: Step): Promise<void> {
    await writeFile(join(this.#folder, "plan"), `${count} ${name}`);
  }

  /** A step of a client's disk fails with the code of an error of the system (cli/src/testing/failing-disk.ts). */
  async failAt({ name, count }: Step, code: string): Promise<void> {
    await writeFile(join(this.#folder, "plan"), `${code} ${count} ${name}`);
  }

  /** From now on nothing is written down, and nobody dies. */
  async lookAway(): Promise<void> {
    await rm(join(this.#folder, "plan"), { force: true });
  }

  /** Those that were taken while somebody looked, in their order, each with how often it was taken until then. */
  async taken(): Promise<Step[]> {
    const text = await readFile(join(this.#folder, "steps"), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const counts = new Map<string, number>();
    return text
      .split("\n")
      .filter((name) => name !== "")
      .map((name) => {
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        return { name, count };
      });
  }
}

function placeArgs({ dataFolder, databaseUrl }: ServerPlace): string[] {
  return ["--data", dataFolder, ...(databaseUrl === undefined ? [] : ["--database-url", databaseUrl])];
}

function spawnServer(args: readonly string[], steps: Steps | undefined): ChildProcess {
  const watching = steps === undefined ? [] : ["--import", DIE_AT_STEP];
  const env = { ...process.env, ...steps?.env, NO_COLOR: "1" };
  return spawn(process.execPath, [...watching, SERVER, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** `excalibur-server start` as a process that can be killed. */
export class ServerProcess implements AsyncDisposable {
  readonly origin: string;
  /** Resolves when it is gone, however it went. */
  readonly ended: Promise<unknown>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, facts: { readonly origin: string; readonly ended: Promise<unknown> }) {
    this.#child = child;
    this.origin = facts.origin;
    this.ended = facts.ended;
  }

  /** undefined: it died before it listened. */
  static async start(
    place: ServerPlace,
    { publicUrl, steps }: { readonly publicUrl: string; readonly steps?: Steps },
  ): Promise<ServerProcess | undefined> {
    const listening = ["--port", "0", "--public-url", publicUrl, "--log-level", "warn"];
    const child = spawnServer(["start", ...placeArgs(place), ...listening], steps);
    const ended = once(child, "close");
    const origin = await new Promise<string | undefined>((done) => {
      let printed = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        const [, address] = /Address\s+(http:\/\/\S+)/.exec(printed) ?? [];
        if (address !== undefined) done(address);
      });
      void ended.then(() => done(undefined));
    });
    return origin === undefined ? undefined : new ServerProcess(child, { origin, ended });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.#child.kill("SIGTERM");
    await this.ended;
  }
}

/** A command of the server as a process; its exit code, or undefined when it was killed. */
export async function runWatched(
  place: ServerPlace,
  args: readonly string[],
  steps: Steps,
): Promise<number | undefined> {
  const child = spawnServer([...args, ...placeArgs(place)], steps);
  child.stdout?.resume();
  child.stderr?.resume();
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? undefined;
}
