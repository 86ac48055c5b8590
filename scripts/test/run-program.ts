import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";

const running = new Set<ChildProcess>();

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the program prints, where it must not mix with what others print; without it all goes straight to our output. */
  readonly print?: ((text: string) => void) | undefined;
}

/** Runs this Node with `args` in `cwd`. Resolves to the exit code; a signal counts as 1. */
export function runNode(args: readonly string[], { cwd, env, print }: ProgramOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdio = print === undefined ? "inherit" : (["ignore", "pipe", "pipe"] as const);
    const child = spawn(process.execPath, args, { cwd, env: env ?? process.env, stdio: stdio as StdioOptions });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", print ?? (() => undefined));
    running.add(child);
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Ends what is running, when the run itself is told to end. */
export function stopPrograms(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}
