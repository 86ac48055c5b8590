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
