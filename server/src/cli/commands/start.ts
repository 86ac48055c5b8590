import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type Logger, pino } from "pino";
import { dataFolderAt, writeFileSafely } from "../../config/data-folder.ts";
import { type Config, type RunningServer, StartError, startServer } from "../../index.ts";
import { createFirstInvitation, invitationUrl } from "../../services/invitations/invitations.ts";
import { addServeOptions, configOf, type ServeOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { addressForPeople, qrCode, welcome } from "../welcome.ts";

/** Beside the server in a checkout and in the image; there after `npm start` built it. */
const WEB_FOLDER = resolve(import.meta.dirname, "../../../../client/dist");

/** People read the terminal, programs read the log: on a terminal only what went wrong. Always on stderr, one JSON object a line. */
function createLog({ logLevel }: Config, terminal: Terminal): Logger {
  const destination = pino.destination({ fd: 2, sync: false });
  const level = logLevel === "auto" ? (terminal.isTerminal ? "warn" : "info") : logLevel;
  return pino({ level, base: null }, destination);
}

/** While there is no account: how to make the first one, which runs the server. A code never goes where a log may keep it. */
export async function inviteFirst(server: RunningServer, terminal: Terminal): Promise<void> {
  const { config, services, database } = server.context;
  const file = dataFolderAt(config.dataFolder).firstInvitationFile;
  // Used or void: whatever stands in it from an earlier start works no more.
  await rm(file, { force: true });
  if (await services.accounts.exist()) return;
  const invitation = await createFirstInvitation(database, services.clock());
  const url = invitationUrl(addressForPeople(server), invitation);
  const inBrowser = server.context.webClient === undefined ? "" : `by opening\n  ${url}\nor `;
  const text = `Make the first account (it will be the administrator) ${inBrowser}with\n  npx excalibur sign-up NAME --invite ${url}`;
  if (terminal.isTerminal) {
    terminal.say(`\nThere is no account yet. ${text}\nThis invitation works once, until the server is started again.`);
    return;
  }
  await writeFileSafely(file, `${text}\n`);
  terminal.say(`\nThere is no account yet. How to make the first one, with its invitation, stands in ${file}`);
}

const LOST =
  "\nWARNING: the secrets file was missing and a new one was made. EVERY PASSWORD IS LOST. Files are not: everybody can\n" +
  "still get in with their recovery words (npx excalibur recover NAME --server ADDRESS) and set a new password.\n" +
  "If you have a backup of secrets.json, stop the server and put it back before anybody does.";

function closeOnSignal(server: RunningServer, log: Logger, terminal: Terminal): void {
  let asked = false;
  const stop = (signal: string) => {
    // Supervisors tell a whole group at once, and the launcher passes on what it was told: the same wish twice is no hurry.
    if (asked && signal !== "SIGINT") return;
    if (asked) process.exit(1);
    asked = true;
    log.info({ signal }, "stopping");
    if (terminal.isTerminal) terminal.say("\nStopping; requests that run may end first. Ctrl-C again to stop at once.");
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, stop);
}

async function start(flags: ServeOptions, terminal: Terminal): Promise<void> {
  const config = configOf(flags);
  const log = createLog(config, terminal);
  let server: RunningServer;
  try {
    server = await startServer({ ...config, log, webFolder: WEB_FOLDER });
  } catch (error) {
    if (!(error instanceof StartError) || error.code !== "already_running") throw error;
    const origin = error.details["origin"];
    terminal.say(`Excalibur is already running on ${config.dataFolder}${origin ? `, at ${String(origin)}` : ""}.`);
    return;
  }
  closeOnSignal(server, log, terminal);
  terminal.say(welcome(server));
  if (terminal.isTerminal && config.https) terminal.say(`\n${await qrCode(addressForPeople(server))}`);
  if (server.context.secretsWereLost) {
    terminal.complain(LOST);
    log.error("secrets file was missing: every password is lost, recovery words work");
  }
  await inviteFirst(server, terminal);
}

export function addStart(program: Command, terminal: Terminal): void {
  const command = program.command("start").description("Run the server until it is told to stop (Ctrl-C, SIGTERM).");
  addServeOptions(command).action((flags: ServeOptions) => start(flags, terminal));
}
