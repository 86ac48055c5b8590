import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { findShared } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode, UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { confirm } from "../terminal/prompts.ts";

interface HandOverFlags extends OutputFlags {
  readonly yes?: boolean;
}

export function addHandOver(program: Command, cli: Cli): void {
  const command = program
    .command("hand-over")
    .description("Make somebody who is in a shared folder or file of yours its owner. You become a manager of it.")
    .argument("<path>", "what you share")
    .argument("<person>", "user name of somebody who has accepted it")
    .option("--yes", "do not ask");
  addOutputFlags(command)
    .addHelpText("after", examples("hand-over /holidays bob", "hand-over --yes /holidays bob"))
    .action((path: string, person: string, flags: HandOverFlags) =>
      cli.run(flags, (run) => handOver(run, { path, person, yes: flags.yes === true })),
    );
}

interface Wish {
  readonly path: string;
  readonly person: string;
  readonly yes: boolean;
}

async function handOver(run: Run, { path: typed, person, yes }: Wish): Promise<ExitCode> {
  const { sharing } = await run.drive();
  const path = cleanPath(typed);
  const item = await findShared(run, typed);
  if (!yes) {
    if (!run.terminal.canAsk)
      throw new UsageError("There is no terminal to ask on. Add --yes if it is to be handed over.");
    const question = `${shown(path)} becomes ${shown(person)}'s: what is in it counts for their space, and only they can give it back. Go on?`;
    if (!(await confirm(run, question))) {
      run.output.note("Nothing was changed.");
      return EXIT.ok;
    }
  }
  await sharing.handOver(item, person, { signal: run.signal });
  run.output.done({ path, owner: person }, `${shown(path)} is ${shown(person)}'s now; you are a manager of it.`);
  return EXIT.ok;
}
