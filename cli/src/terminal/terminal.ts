/** Where commands speak: results on stdout, everything about the way there on stderr. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly errors: NodeJS.WriteStream;
  /** Somebody can be asked: keyboard and screen are there. */
  readonly canAsk: boolean;
  /** Somebody watches stderr. */
  readonly isWatched: boolean;
  /** A line on stdout. */
  say(text: string): void;
  /** A line on stderr. */
  complain(text: string): void;
  /** Bytes on stdout; resolves when they may be reused. Throws OutputClosedError when nobody reads any more. */
  write(bytes: Uint8Array): Promise<void>;
}

/** The reader of stdout has gone away (`| head`): nobody is left to tell, and nothing is wrong. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

export function processTerminal({ stdin, stdout, stderr }: NodeJS.Process = process): Terminal {
  let closed = false;
  // Without a listener a reader that goes away would end the process with a stack trace.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== "EPIPE") stderr.write(`The output cannot be written: ${error.message}\n`);
  });
  return {
    input: stdin,
    errors: stderr,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    isWatched: stderr.isTTY === true,
    say: (text) => void (closed || stdout.write(`${text}\n`)),
    complain: (text) => void stderr.write(`${text}\n`),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stdout.write(bytes, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === "EPIPE") reject(new OutputClosedError());
          else reject(error);
        });
      }),
  };
}
