import { shown } from "./escape.ts";
import { CancelledError, EXIT, type ExitCode, type Failure, failureOf, isCancelled } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const INTEGRITY_VIOLATION =
  "This is an integrity violation: what the server gave is not what was stored. None of it was used and nothing of yours was changed. Keep every other copy you have, and ask the person who runs the server.";

const ALTERED_FILE =
  "This is an integrity violation: the file is not what was once written. None of it was kept and nothing of yours was changed. Get it again from where it came from.";

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command says, as text or as one JSON document. Nothing else of it reaches stdout. */
export class Output {
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  #violation = INTEGRITY_VIOLATION;

  constructor(terminal: Terminal, { json = false, quiet = false }: OutputFlags) {
    this.terminal = terminal;
    this.isJson = json;
    this.isQuiet = quiet;
  }

  /** The result: `document` for machines, lines for people. Names in the lines must have gone through `shown`. */
  result(document: unknown, lines: () => Iterable<string>): void {
    if (this.isJson) {
      this.terminal.say(JSON.stringify(document));
      return;
    }
    for (const line of lines()) this.terminal.say(line);
  }

  /** As `result`, for what nobody asked to see: done is done. */
  done(document: unknown, line: string): void {
    this.result(document, () => (this.isQuiet ? [] : [line]));
  }

  /** A remark for people. */
  note(line: string): void {
    if (!this.isJson && !this.isQuiet) this.terminal.complain(line);
  }

  /** A failure that the person must see, whatever flags there are. */
  complain(line: string): void {
    if (!this.isJson) this.terminal.complain(line);
  }

  /** The command works on files alone: where they are altered, no server is to blame. */
  withoutServer(): void {
    this.#violation = ALTERED_FILE;
  }

  /** What exit code 3 means, for people; said once, after what happened. */
  alarm(): void {
    this.complain(this.#violation);
  }

  /** Tells why the command failed and answers its exit code. */
  async failed(error: unknown, signal: AbortSignal): Promise<ExitCode> {
    const failure = await failureOf(signal.aborted && isCancelled(error) ? new CancelledError() : error);
    if (failure.exitCode !== EXIT.ok) this.#tell(failure);
    if (failure.exitCode === EXIT.integrity) this.alarm();
    return failure.exitCode;
  }

  #tell({ code, message }: Failure): void {
    this.terminal.complain(this.isJson ? JSON.stringify({ error: { code, message } }) : `${shown(message)} (${code})`);
  }
}
