import type { Command } from "commander";
import { addOutputFlags, addTrustFlags, examples, type TrustFlags } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askNewPassword, askText, readLines } from "../terminal/prompts.ts";

interface RecoverFlags extends OutputFlags, TrustFlags {
  readonly server: string;
  readonly wordsFile?: string;
  readonly passwordStdin?: boolean;
}

export function addRecover(program: Command, cli: Cli): void {
  const command = program
    .command("recover")
    .description("Password lost, words kept: set a new password, end all other sessions, and sign in on this device.")
    .argument("<name>", "user name")
    .requiredOption("--server <url>", "address of the server")
    .option("--words-file <file>", "read the twelve recovery words from a file instead of asking for them")
    .option("--password-stdin", "read the new password from the first line of standard input");
  addOutputFlags(addTrustFlags(command))
    .addHelpText("after", examples("recover alice --server https://drive.example.org --words-file words.txt"))
    .action((name: string, flags: RecoverFlags) => cli.run(flags, (run) => recover(run, name, flags)));
}

async function recover(run: Run, name: string, flags: RecoverFlags): Promise<void> {
  const { userNameOf, passwordProblem, WeakPasswordError } = await import("@excalibur/sdk");
  const userName = userNameOf(name);
  const { meetServer } = await import("../server-trust.ts");
  await meetServer(run, flags.server, flags);
  const words =
    flags.wordsFile === undefined
      ? await askText(run, "The twelve recovery words, with spaces between them")
      : await readWordsFile(flags.wordsFile);
  const newPassword = flags.passwordStdin
    ? ((await readLines(run.terminal, 1))[0] as string)
    : await askNewPassword(run, `A new password for ${userName} (at least 10 characters)`);
  const problem = passwordProblem(newPassword, userName);
  if (problem !== undefined) throw new WeakPasswordError(problem);
  const excalibur = await run.excalibur();
  const { hostname } = await import("node:os");
  const { server } = flags;
  const options = {
    server,
    name,
    words,
    newPassword,
    deviceName: hostname(),
    client: "cli",
    signal: run.signal,
  } as const;
  const account = await excalibur.recover(options);
  run.output.done(
    { name: account.name, server: account.server },
    `The new password is set, every other session is ended, and you are signed in as ${account.name} at ${account.server}.`,
  );
  await account.close();
}

async function readWordsFile(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const { locally } = await import("../local-files/local-error.ts");
  return await locally(() => readFile(path, "utf8"));
}
