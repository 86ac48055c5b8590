/** Where commands speak: results on stdout, everything about the way there on stderr. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly errors: NodeJS.WriteStream;
  /** Somebody can be asked: keyboard and screen are there. */
  readonly canAsk: boolean;
  /** Somebody watches stderr. */
  readonly isWatched: boolean;
  /** What goes to stdout is shown to somebody, not piped or kept. */
  readonly isShown: boolean;
  /** A line on stdout. */
  say(text: string): void;
  /** A line on stderr. */
  complain(text: string): void;
  /** Bytes on stdout; resolves when they may be reused. Throws OutputClosedError when nobody reads any more, OutputLostError. */
  write(bytes: Uint8Array): Promise<void>;
  /** Waits until everything that was said is written; answers why it could not be, if so. */
  lost?(): Promise<OutputLostError | undefined>;
}

/** The reader of stdout has gone away (`| head`): nobody is left to tell, and nothing is wrong. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** The output goes to a place that does not take it. */
export class OutputLostError extends Error {
  override readonly name = "OutputLostError";

  constructor(cause: NodeJS.ErrnoException) {
    const what = cause.code === "ENOSPC" ? "The disk that the output goes to is full" : "The output cannot be written";
    super(`${what}, so it is not whole. What is on the drive is safe; try again with another place for it.`, { cause });
  }
}

export function processTerminal({ stdin, stdout, stderr }: NodeJS.Process = process): Terminal {
  let closed = false;
  let lost: OutputLostError | undefined;
  let said: Promise<void> | undefined;
  // Without a listener a reader that goes away would end the process with a stack trace.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== "EPIPE") lost ??= new OutputLostError(error);
  });
  return {
    input: stdin,
    errors: stderr,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    isWatched: stderr.isTTY === true,
    isShown: stdout.isTTY === true,
    say: (text) => {
      if (!closed) said = new Promise((resolve) => void stdout.write(`${text}\n`, () => resolve()));
    },
    complain: (text) => void stderr.write(`${text}\n`),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stdout.write(bytes, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === "EPIPE") reject(new OutputClosedError());
          else reject(new OutputLostError(error));
        });
      }),
    lost: async () => {
      await said;
      return lost;
    },
  };
}
