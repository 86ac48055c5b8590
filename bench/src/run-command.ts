import { spawn } from "node:child_process";
import { type Usage, watch } from "./process-watch.ts";

export interface Finished extends Usage {
  readonly seconds: number;
  readonly stdout: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** Runs a command to its end. Throws with its last words when it fails: a benchmark of a failure measures nothing. */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const [program, ...args] = command;
  if (program === undefined) throw new TypeError("A command needs a program.");
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const watching = child.pid === undefined ? undefined : watch(child.pid);
  child.stdin.end(options.stdin ?? "");
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    }),
  ]);
  const seconds = (performance.now() - began) / 1000;
  const usage = await watching?.stop();
  if (code !== 0 || usage === undefined)
    throw new Error(`${program} ended with ${code}: ${stderr.slice(-2000)}${stdout.slice(-500)}`);
  return { ...usage, seconds, stdout };
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let whole = "";
  for await (const chunk of stream) whole += decoder.decode(chunk, { stream: true });
  return whole + decoder.decode();
}
