import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { findShared } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addReEncrypt(program: Command, cli: Cli): void {
  const command = program
    .command("re-encrypt")
    .description(
      "Seal the listings of a shared folder or file with the key of now, where they still have one that somebody holds who was taken off it.",
    )
    .argument("<path>", "what is shared, and what you may change");
  addOutputFlags(command)
    .addHelpText("after", examples("re-encrypt /holidays", "re-encrypt --json /holidays"))
    .action((path: string, flags: OutputFlags) => cli.run(flags, (run) => reEncrypt(run, path)));
}

async function reEncrypt(run: Run, typed: string): Promise<ExitCode> {
  const { sharing } = await run.drive();
  const { output, signal } = run;
  const path = cleanPath(typed);
  let told = 0;
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
    // The beginning, and then every tenth of it.
    if (done > 0 && done - told < total / 10) return;
    told = done;
    output.note(`${done} of ${count(total, "listing")} sealed anew`);
  };
  const { pages, unreadable } = await sharing.reencrypt(await findShared(run, typed), { onProgress, signal });
  const said =
    pages === 0
      ? `Everything in ${shown(path)} is sealed with its newest key; nothing was changed.`
      : `${shown(path)}: ${count(pages, "listing")} sealed anew; no earlier key opens them any more.`;
  const left = `${count(unreadable, "listing")} cannot be opened, and so not be sealed anew; «excalibur fsck» says more.`;
  output.done({ path, pages, unreadable }, unreadable === 0 ? said : `${said}\n${left}`);
  return unreadable === 0 ? EXIT.ok : EXIT.failed;
}
