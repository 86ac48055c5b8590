import type { NewAccount } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, addTrustFlags, examples, type TrustFlags } from "../command-flags.ts";
import { keepWords, wordLines } from "../recovery-words.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError, EXIT, type ExitCode, UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askNewPassword, readLines } from "../terminal/prompts.ts";

interface SignUpFlags extends OutputFlags, TrustFlags {
  readonly invite?: string;
  readonly server?: string;
  readonly passwordStdin?: boolean;
  readonly recoveryFile?: string;
}

export function addSignUp(program: Command, cli: Cli): void {
  const command = program
    .command("sign-up")
    .description("Make an account, show its recovery words once, and sign in on this device.")
    .argument("<name>", "user name: 3 to 32 of a-z 0-9 . - _")
    .option("--invite <address|code>", "the invitation, as its address or its code")
    .option("--server <url>", "address of the server; not needed when the invitation is an address")
    .option("--password-stdin", "read the password from the first line of standard input")
    .option(
      "--recovery-file <file>",
      "write the recovery words to a new file that only you can read, instead of showing them",
    );
  addOutputFlags(addTrustFlags(command))
    .addHelpText(
      "after",
      examples(
        "sign-up alice --invite http://127.0.0.1:52419/#invite=CODE",
        "sign-up alice --invite CODE --server https://drive.example.org",
        "sign-up alice --invite ADDRESS --password-stdin --recovery-file words.txt < password.txt",
      ),
    )
    .action((name: string, flags: SignUpFlags) => cli.run(flags, (run) => signUp(run, name, flags)));
}

async function signUp(run: Run, name: string, flags: SignUpFlags): Promise<ExitCode> {
  const { invite } = flags;
  const { parseInvitation, userNameOf, passwordProblem, WeakPasswordError } = await import("@excalibur/sdk");
  const userName = userNameOf(name);
  const server = flags.server ?? (invite === undefined ? undefined : parseInvitation(invite).server);
  if (server === undefined) throw new UsageError("Add --server URL: the invitation does not say where the server is.");
  const { meetServer } = await import("../server-trust.ts");
  await meetServer(run, server, flags);
  const password = flags.passwordStdin
    ? ((await readLines(run.terminal, 1))[0] as string)
    : await askNewPassword(run, `Choose a password for ${userName} (at least 10 characters; nobody can reset it)`);
  const problem = passwordProblem(password, userName);
  if (problem !== undefined) throw new WeakPasswordError(problem);

  const { createWordsFile } = await import("../platform/words-file.ts");
  // Before the account exists: words that have nowhere to go would be lost.
  const wordsFile = flags.recoveryFile === undefined ? undefined : await createWordsFile(flags.recoveryFile);
  let made: NewAccount;
  try {
    const excalibur = await run.excalibur();
    const { hostname } = await import("node:os");
    const options = { name, password, server, deviceName: hostname(), client: "cli", signal: run.signal } as const;
    made = await excalibur.signUp(invite === undefined ? options : { ...options, invite });
  } catch (error) {
    await wordsFile?.discard();
    throw error;
  }
  const { recoveryWords, account, problem: trouble, confirmed } = made;
  const written = await keepWords(wordsFile, recoveryWords, run);
  const where = written === undefined ? { recoveryWords } : { recoveryFile: written };
  run.output.result(
    { name: userName, server: account?.server ?? server, confirmed, signedIn: account !== undefined, ...where },
    () => [
      ...(confirmed ? [`The account ${userName} was made.`] : []),
      ...(written === undefined
        ? wordLines(recoveryWords)
        : [`Your recovery words stand in ${shown(written)}. Print them and keep them away from this computer.`]),
      ...(account === undefined ? [] : [`You are signed in on this device at ${account.server}.`]),
    ],
  );
  await account?.close();
  if (trouble === undefined) return EXIT.ok;
  if (!confirmed)
    throw new CommandError(
      "sign_up_unconfirmed",
      "The connection broke before the server answered, so the account may or may not exist. Keep the recovery words, try to sign in, and sign up again only if that fails.",
      { cause: trouble },
    );
  throw trouble;
}
