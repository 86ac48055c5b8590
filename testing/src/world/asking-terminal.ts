import { PassThrough } from "node:stream";

/** A terminal at which somebody answers, in this process, as soon as a question says `when`. */
export function askingTerminal({ when, answer }: { readonly when: RegExp; readonly answer: string }) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const errors = new PassThrough();
  let isAnswered = false;
  errors.on("data", (text) => {
    if (isAnswered || !when.test(String(text))) return;
    isAnswered = true;
    setImmediate(() => input.write(answer));
  });
  const said: string[] = [];
  const terminal = {
    input: input as unknown as NodeJS.ReadStream,
    errors: errors as unknown as NodeJS.WriteStream,
    canAsk: true,
    isWatched: false,
    isShown: true,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void said.push(text),
    write: async () => undefined,
  };
  return { terminal, said };
}
