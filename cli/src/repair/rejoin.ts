import { hostname } from "node:os";
import { type Account, NotSignedInError, type RejoinQuestion, type RejoinResult } from "@excalibur/sdk";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode, UsageError } from "../terminal/failure.ts";
import { count, formatSize, isoTime, localTime } from "../terminal/format.ts";
import { askPassword, confirm, readLines } from "../terminal/prompts.ts";

export interface RejoinOptions {
  readonly name: string | undefined;
  readonly server?: string;
  readonly passwordStdin?: boolean;
  readonly yes?: boolean;
}

/** More paths than anybody reads; --json has them all. */
const SHOWN_PATHS = 200;

/** The ceremony after a server lost history: the password, what is gone, a question, and on. */
export async function rejoin(run: Run, options: RejoinOptions): Promise<ExitCode> {
  const { output, signal, terminal } = run;
  if (!options.yes && !terminal.canAsk)
    throw new UsageError("There is no terminal to ask on. Add --yes to go on without a question. Nothing was done.");
  const account = await signInAgain(run, options);
  try {
    const question = await account.askRejoin({ signal });
    if (question === undefined) {
      const document = { needed: false, resent: 0, gaveUp: false, restored: [], lost: [], left: [] };
      output.done(document, "The server has everything that this device has seen. There is nothing to do.");
      return EXIT.ok;
    }
    for (const line of questionLines(question.question)) output.note(line);
    if (!options.yes && !(await confirm(run, "Go on from what the server has now?"))) {
      output.note("Nothing was changed.");
      return EXIT.failed;
    }
    const result = await question.goOn({ signal });
    const { unreadablePages, returned } = question.question.lost;
    const { resent, gaveUp, restored, lost, left } = result;
    const document = {
      needed: true,
      resent,
      gaveUp,
      restored,
      lost,
      left,
      unreadablePages,
      returned: returned ?? null,
    };
    output.result({ ...document, ...positions(question.question) }, () => resultLines(result, output.isQuiet));
    return lost.length > 0 ? EXIT.failed : EXIT.ok;
  } finally {
    await account.close();
  }
}

/** Whoever is signed in here proves that it is him; the keyring that the server has is merged with the one remembered here. */
async function signInAgain(run: Run, options: RejoinOptions): Promise<Account> {
  const excalibur = await run.excalibur();
  const { name, server } = await who(run, options);
  const password = options.passwordStdin
    ? ((await readLines(run.terminal, 1))[0] as string)
    : await askPassword(run, `Password of ${name}, as it was at the time of the backup`);
  const device = { server, deviceName: hostname(), client: "cli", signal: run.signal } as const;
  return await excalibur.signIn({ ...device, name, password, mergeKeyring: true });
}

async function who(
  run: Run,
  { name, server }: RejoinOptions,
): Promise<{ readonly name: string; readonly server: string }> {
  if (name !== undefined && server !== undefined) return { name, server };
  try {
    const account = await run.account();
    return { name: account.name, server: account.server };
  } catch (error) {
    if (!(error instanceof NotSignedInError)) throw error;
    throw new UsageError("Nobody is signed in on this device: add the user name and --server.");
  }
}

function positions({ accepted, offered }: RejoinQuestion): object {
  const told = ({ sequence, timeMs }: RejoinQuestion["accepted"]) => ({ sequence, written: isoTime(timeMs) });
  return { accepted: told(accepted), offered: told(offered) };
}

function questionLines({ accepted, offered, lost, lostCommits, wentOn }: RejoinQuestion): string[] {
  const lines = [
    `The server offers the drive as of ${localTime(offered.timeMs)}; this device has seen it as of ${localTime(accepted.timeMs)}.`,
    `${count(lostCommits, "change")} that this device knows ${lostCommits === 1 ? "is" : "are"} not there${wentOn ? ", and others have gone on without them" : ""}.`,
    "Go on only if whoever runs the server says that a backup was restored: otherwise somebody may be hiding something from you.",
  ];
  if (lost.items.length > 0)
    lines.push("Not there, or not as this device knows it (what can be brought back will be):");
  for (const { kind, path } of lost.items.slice(0, SHOWN_PATHS)) lines.push(`  ${shown(path)}${MARKS[kind]}`);
  if (lost.items.length > SHOWN_PATHS) lines.push(`  … and ${count(lost.items.length - SHOWN_PATHS, "other")}`);
  if (lost.unreadablePages > 0)
    lines.push(
      `${count(lost.unreadablePages, "part")} of listings are not on this device: what is on them it cannot tell.`,
    );
  if (lost.returned) lines.push(`${count(lost.returned, "item")} that had been deleted will be back.`);
  return lines;
}

const MARKS = { added: "", changed: " (other contents)", moved: " (other name or folder)" } as const;

function* resultLines({ resent, gaveUp, restored, lost, left }: RejoinResult, isQuiet: boolean): Generator<string> {
  for (const { path, sizeBytes } of lost) yield `lost      ${formatSize(sizeBytes).padStart(9)}  ${shown(path)}`;
  for (const path of left) yield `as there  ${"".padStart(9)}  ${shown(path)}`;
  if (isQuiet) return;
  const again = resent === 0 ? "" : ` ${count(resent, "change")} went to the server again as they were signed.`;
  if (!gaveUp) yield `Everything is back.${again}`;
  else
    yield `You go on from what the server has.${again} ${count(restored.length, "item")} put back, ${count(lost.length, "file")} lost there: put them again from your own copies.`;
}
