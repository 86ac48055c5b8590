import { createInterface } from "node:readline";
import { CancelledError, CommandError, UsageError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

interface Asking {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Typed without echo. Throws UsageError when there is nobody to ask: passwords are never arguments. */
export async function askPassword({ terminal, signal }: Asking, message: string): Promise<string> {
  if (!terminal.canAsk) {
    throw new UsageError("There is no terminal to ask for the password. Add --password-stdin and pipe it in.");
  }
  const { password } = await import("@clack/prompts");
  return answered(await password({ message, output: terminal.errors, input: terminal.input, signal }));
}

/** A new password is typed twice, so that nobody is locked out by a slip of the finger. */
export async function askNewPassword(asking: Asking, message: string): Promise<string> {
  const first = await askPassword(asking, message);
  const second = await askPassword(asking, "The same password again");
  if (first !== second) {
    throw new CommandError("passwords_differ", "The two passwords differ. Nothing was changed; try again.");
  }
  return first;
}

/** Typed where everybody can see it. */
export async function askText({ terminal, signal }: Asking, message: string): Promise<string> {
  if (!terminal.canAsk) throw new UsageError(`There is no terminal to ask on: ${message}`);
  const { text } = await import("@clack/prompts");
  return answered(await text({ message, output: terminal.errors, input: terminal.input, signal }));
}

export async function confirm({ terminal, signal }: Asking, message: string): Promise<boolean> {
  const prompts = await import("@clack/prompts");
  const options = { message, initialValue: false, output: terminal.errors, input: terminal.input, signal };
  return answered(await prompts.confirm(options));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer === "symbol") throw new CancelledError();
  return answer as Exclude<T, symbol>;
}

/** So many lines of stdin, without their ends. Throws UsageError when there are fewer. */
export async function readLines(terminal: Terminal, wanted: number): Promise<string[]> {
  const lines: string[] = [];
  const reader = createInterface({ input: terminal.input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of reader) {
      lines.push(line);
      if (lines.length === wanted) return lines;
    }
  } finally {
    reader.close();
  }
  throw new UsageError(`Standard input ended after ${lines.length} of ${wanted} lines.`);
}
