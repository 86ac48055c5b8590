import type { SingleBar } from "cli-progress";
import { count, formatDuration, formatSize } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** How far a transfer is. Every method may be called often. */
export interface Progress {
  /** More files and bytes to come than was known before. */
  expect(files: number, sizeBytes: number): void;
  /** Nothing more will be expected. */
  allExpected(): void;
  bytes(sizeBytes: number): void;
  fileDone(): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** "Storing", "Fetching". */
  readonly verb: string;
  /** Nobody wants to see it. */
  readonly isSilent: boolean;
}

export async function createProgress({ terminal, verb, isSilent }: ProgressOptions): Promise<Progress> {
  if (isSilent) return new Counting();
  if (!terminal.isWatched) return new ProgressLines(terminal, verb);
  const { default: bars } = await import("cli-progress");
  const format = `${verb} {bar} {percentage}%  {facts}`;
  const bar = new bars.SingleBar(
    {
      format,
      stream: terminal.errors,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
      barsize: 24,
      gracefulExit: false,
    },
    bars.Presets.shades_classic,
  );
  return new ProgressBar(bar);
}

/** Keeps the figures; the others show them. */
class Counting implements Progress {
  protected filesExpected = 0;
  protected bytesExpected = 0;
  protected isComplete = false;
  protected filesDone = 0;
  protected bytesDone = 0;
  protected readonly startMs = performance.now();

  expect(files: number, sizeBytes: number): void {
    this.filesExpected += files;
    this.bytesExpected += sizeBytes;
    this.show();
  }

  allExpected(): void {
    this.isComplete = true;
  }

  bytes(sizeBytes: number): void {
    this.bytesDone += sizeBytes;
    this.show();
  }

  fileDone(): void {
    this.filesDone += 1;
    this.show();
  }

  stop(): void {
    this.show();
  }

  protected show(): void {
    // For those who show something.
  }

  /** "3 of 10 files, 1.2 MiB of 8 MiB, 4 MiB/s, 2 s left". What is not known yet is left out. */
  protected facts(): string {
    const seconds = (performance.now() - this.startMs) / 1000;
    const speed = this.bytesDone / Math.max(seconds, 0.001);
    const files = this.isComplete
      ? `${this.filesDone} of ${count(this.filesExpected, "file")}`
      : count(this.filesDone, "file");
    const total = this.isComplete ? ` of ${formatSize(this.bytesExpected)}` : "";
    const left = this.bytesExpected - this.bytesDone;
    const time = this.isComplete && speed > 0 && left > 0 ? `, ${formatDuration(left / speed)} left` : "";
    return `${files}, ${formatSize(this.bytesDone)}${total}, ${formatSize(speed)}/s${time}`;
  }
}

class ProgressBar extends Counting {
  readonly #bar: SingleBar;

  constructor(bar: SingleBar) {
    super();
    this.#bar = bar;
    bar.start(1, 0, { facts: "" });
  }

  protected override show(): void {
    // Empty files are progress, too.
    this.#bar.setTotal(Math.max(1, this.bytesExpected + this.filesExpected));
    this.#bar.update(Math.max(0, this.bytesDone + this.filesDone), { facts: this.facts() });
  }

  override stop(): void {
    super.stop();
    this.#bar.stop();
  }
}

const FIRST_LINE_MS = 2_000;
const BETWEEN_LINES_MS = 2_000;

/** For logs: a line now and then, none for what is quick. */
class ProgressLines extends Counting {
  readonly #terminal: Terminal;
  readonly #verb: string;
  #nextMs = this.startMs + FIRST_LINE_MS;

  constructor(terminal: Terminal, verb: string) {
    super();
    this.#terminal = terminal;
    this.#verb = verb;
  }

  protected override show(): void {
    const nowMs = performance.now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + BETWEEN_LINES_MS;
    this.#terminal.complain(`${this.#verb}: ${this.facts()}`);
  }
}
