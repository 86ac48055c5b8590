/** Where commands speak: text for people and JSON on stdout, everything that went wrong on stderr. */
export interface Terminal {
  readonly isTerminal: boolean;
  say(text: string): void;
  complain(text: string): void;
}

export const processTerminal: Terminal = {
  isTerminal: process.stdout.isTTY === true,
  say: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
};

/** For programs: one JSON value on stdout. */
export function sayJson(terminal: Terminal, value: unknown): void {
  terminal.say(JSON.stringify(value));
}

/** For people: columns wide enough for what is in them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
