import { createInterface } from "node:readline/promises";

/** Where commands speak: text for people and JSON on stdout, everything that went wrong on stderr. */
export interface Terminal {
  readonly isTerminal: boolean;
  say(text: string): void;
  complain(text: string): void;
  /** Replaces the line of the last call; for people who watch. Without text it is taken away. */
  progress?(text?: string): void;
  /** One line from the person at the keyboard; absent when there is none. */
  ask?(question: string): Promise<string>;
}

/** On stderr, so that stdout stays what was asked for. */
async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

export const processTerminal: Terminal = {
  isTerminal: process.stdout.isTTY === true,
  say: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stderr.isTTY ? { progress: (text = "") => void process.stderr.write(`\r\u001b[2K${text}`) } : {}),
  ...(process.stdin.isTTY === true ? { ask: askOnTerminal } : {}),
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

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** For people: 1.4 GiB. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
