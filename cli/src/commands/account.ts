import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { keepWords, wordLines } from "../recovery-words.ts";
import type { Cli, Run } from "../run.ts";
import { sayFarewell } from "../sharing/farewell.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError, UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askPassword, askText, readLines } from "../terminal/prompts.ts";

interface PasswordFlags extends OutputFlags {
  readonly passwordStdin?: boolean;
}

interface DeleteFlags extends PasswordFlags {
  readonly yes?: boolean;
}

interface WordsFlags extends PasswordFlags {
  readonly recoveryFile?: string;
}

export function addAccount(program: Command, cli: Cli): void {
  const account = program.command("account").description("The account itself: new recovery words, leaving for good.");
  addOutputFlags(
    account
      .command("words")
      .description("Make new recovery words, after the password. The old ones open nothing any more.")
      .option("--password-stdin", "read the password from the first line of standard input")
      .option(
        "--recovery-file <file>",
        "write the words to a new file that only you can read, instead of showing them",
      ),
  )
    .addHelpText("after", examples("account words", "account words --recovery-file words.txt"))
    .action((flags: WordsFlags) => cli.run(flags, (run) => newWords(run, flags)));
  addOutputFlags(
    account
      .command("delete")
      .description("Delete the account with everything in it, on the server and for ever.")
      .option("--yes", "do not ask for the phrase")
      .option("--password-stdin", "read the password from the first line of standard input"),
  )
    .addHelpText("after", examples("account delete", "account delete --yes --password-stdin < password.txt"))
    .action((flags: DeleteFlags) => cli.run(flags, (run) => deleteAccount(run, flags)));
}

async function passwordOf(run: Run, name: string, { passwordStdin }: PasswordFlags): Promise<string> {
  if (passwordStdin) return (await readLines(run.terminal, 1))[0] as string;
  return await askPassword(run, `Password of ${name}`);
}

async function newWords(run: Run, flags: WordsFlags): Promise<void> {
  const { terminal, output, signal } = run;
  const account = await run.account();
  const { recoveryFile } = flags;
  if (recoveryFile === undefined && !terminal.canAsk) {
    throw new UsageError("There is nobody to show the words to. Add --recovery-file FILE.");
  }
  const password = await passwordOf(run, account.name, flags);
  const renewal = await account.newRecoveryWords({ password }, { signal });
  const { words } = renewal;
  if (recoveryFile === undefined) {
    for (const line of wordLines(words)) output.note(line);
    await checkWords(run, words);
    await renewal.confirm({ signal });
    output.done({ changed: true }, "The new recovery words hold; the old ones open nothing any more.");
    return;
  }
  const { createWordsFile } = await import("../platform/words-file.ts");
  const written = await keepWords(await createWordsFile(recoveryFile), words, run);
  if (written === undefined) {
    throw new CommandError("words_not_kept", "Nothing was changed: the old recovery words hold. Name another file.");
  }
  await renewal.confirm({ signal });
  output.done(
    { changed: true, recoveryFile: written },
    `The new recovery words stand in ${shown(written)} and hold; the old ones open nothing any more. Print them and keep them away from this computer.`,
  );
}

/** Whoever has not written them down notices here, while the old ones hold. */
async function checkWords(run: Run, words: readonly string[]): Promise<void> {
  for (const number of [3, 7, 11]) {
    const typed = await askText(run, `To be sure that you have them: word number ${number}`);
    if (typed.trim().toLowerCase() !== words[number - 1]) {
      throw new CommandError(
        "words_differ",
        `That is not word number ${number}. Nothing was changed: the old recovery words hold.`,
      );
    }
  }
}

async function deleteAccount(run: Run, flags: DeleteFlags): Promise<void> {
  const account = await run.account();
  const { name, server } = account;
  if (!flags.yes) await demandPhrase(run, { name, server });
  const password = await passwordOf(run, name, flags);
  await account.deleteAccount({ password }, { signal: run.signal });
  run.output.done(
    { deleted: true, name, server },
    `The account ${name} at ${server} is deleted, with everything in it.`,
  );
}

async function demandPhrase(run: Run, { name, server }: { readonly name: string; readonly server: string }) {
  const phrase = `delete ${name}`;
  if (!run.terminal.canAsk) {
    throw new UsageError("There is no terminal to ask for the phrase. Add --yes if the account is to be deleted.");
  }
  run.output.note(
    `This deletes the account ${name} at ${server}: its files, earlier versions and trash, for ever and on every device. Nobody can bring them back.`,
  );
  for (const line of await sayFarewell(run)) run.output.note(line);
  const typed = await askText(run, `To delete it, type: ${phrase}`);
  if (typed.trim() !== phrase) {
    throw new CommandError("phrase_differs", "That is not the phrase. Nothing was deleted.");
  }
}
