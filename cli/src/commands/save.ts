import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { addVisitFlags, type VisitFlags, visiting } from "../links/visit.ts";
import type { Cli } from "../run.ts";
import { UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface SaveFlags extends OutputFlags, VisitFlags {}

export function addSave(program: Command, cli: Cli): void {
  const command = program
    .command("save")
    .description("Save what a link leads to into your own drive. Nothing of it is written to this computer.")
    .argument("<paths...>", "of what the link leads to, everything if none is named; and last a folder of your drive")
    .usage("--link <url> [options] [path...] <folder>");
  addOutputFlags(addVisitFlags(command))
    .addHelpText(
      "after",
      `
It is fetched, checked and encrypted anew under keys of your own, counts for your space, and stays when the link is
taken back. Nothing is ever overwritten: where a name is taken, files get a number, and folders are merged into.
${examples("save --link URL /from-others", "save --link - /photos / < address.txt")}`,
    )
    .action((paths: string[], flags: SaveFlags) =>
      cli.run(flags, async (run) => {
        if (flags.link === undefined) throw new UsageError("Name the link: excalibur save --link URL /folder");
        const folder = paths.at(-1) as string;
        const { saveAll } = await import("../links/save-all.ts");
        return await visiting(run, flags, (visit) => saveAll(run, visit, { paths: paths.slice(0, -1), folder }));
      }),
    );
}
