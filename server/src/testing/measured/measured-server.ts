import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deadlines } from "../../config/config.ts";
import { giveSecrets } from "../prepared-secrets.ts";

export interface MeasuredOptions {
  readonly deadlines?: Deadlines;
  /** Every write to a file takes so much longer. */
  readonly slowDiskMs?: number;
  /** Never let go of: to see that a check of memory finds it. */
  readonly leakBytesARequest?: number;
}

export interface Measured {
  /** What is alive after collecting: objects, and buffers outside of the heap. */
  readonly liveBytes: number;
  /** The most that the process had since the last look. */
  readonly peakBytes: number;
  readonly handles: number;
}

/** A server in a process of its own whose memory can be looked at. */
export class MeasuredServer implements AsyncDisposable {
  readonly origin: string;
  readonly sqliteFile: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, place: { origin: string; sqliteFile: string }) {
    this.#child = child;
    this.#folder = folder;
    this.origin = place.origin;
    this.sqliteFile = place.sqliteFile;
  }

  static async start(options: MeasuredOptions = {}): Promise<MeasuredServer> {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    const dataFolder = join(folder, "data");
    await giveSecrets(dataFolder);
    const program = join(import.meta.dirname, "program.ts");
    const child = spawn(process.execPath, ["--expose-gc", program, JSON.stringify({ ...options, dataFolder })], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const ended = once(child, "exit").then(() => {
      throw new Error("The measured server ended before it listened.");
    });
    const [place] = (await Promise.race([once(child, "message"), ended])) as [{ origin: string; sqliteFile: string }];
    ended.catch(() => "It ends when it is told to.");
    return new MeasuredServer(child, folder, place);
  }

  async measure(): Promise<Measured> {
    const answered = once(this.#child, "message") as Promise<[{ measured: Measured }]>;
    this.#child.send("measure");
    const [{ measured }] = await answered;
    return measured;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
