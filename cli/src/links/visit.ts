import type { Visit } from "@excalibur/sdk";
import type { Command } from "commander";
import type { Run } from "../run.ts";
import { UsageError } from "../terminal/failure.ts";
import { askPassword, readLines } from "../terminal/prompts.ts";

/** How commands that work on the drive are told to work on what a link leads to. */
export interface VisitFlags {
  readonly link?: string;
  readonly passwordStdin?: boolean;
}

export function addVisitFlags(command: Command): Command {
  return command
    .option("--link <url>", "of what this link leads to, without an account; - reads it from standard input")
    .option(
      "--password-stdin",
      "with --link: read its password from standard input, after the link if that is there, too",
    );
}

/** Opens the link that was named, and asks for its password when it needs one. The caller closes it. */
export async function openVisit(run: Run, { link, passwordStdin = false }: VisitFlags): Promise<Visit> {
  const fromInput = link === "-";
  const lines =
    fromInput || passwordStdin ? await readLines(run.terminal, Number(fromInput) + Number(passwordStdin)) : [];
  const address = fromInput ? lines.shift() : link;
  if (address === undefined) throw new UsageError("--link needs the whole address of a link.");
  const options = { address, password: lines[0], client: "cli", signal: run.signal } as const;
  const excalibur = await run.excalibur();
  const { LinkPasswordNeededError } = await import("@excalibur/sdk");
  try {
    return await excalibur.visit(options);
  } catch (error) {
    if (!(error instanceof LinkPasswordNeededError) || !run.terminal.canAsk) throw error;
  }
  return await excalibur.visit({ ...options, password: await askPassword(run, "Password of the link") });
}

/** Runs work on what a link leads to, and lets go of it. */
export async function visiting<T>(run: Run, flags: VisitFlags, work: (visit: Visit) => Promise<T>): Promise<T> {
  const visit = await openVisit(run, flags);
  try {
    return await work(visit);
  } finally {
    await visit.close();
  }
}
