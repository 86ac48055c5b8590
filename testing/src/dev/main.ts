/** `npm run dev`: a server that starts again when its sources change, with people and files, all thrown away at the end. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { invitationTo, makeSamplePeople, type SamplePerson } from "./sample-people.ts";
import { WatchedServer } from "./watched-server.ts";

const PORT = 52_420;
const HELP = `npm run dev [-- --port ${PORT}] [--watch FOLDER…]

A server on a throw-away data folder, with sample people and their files. It starts again whenever something below
core/src or server/src changes, or below a FOLDER. --port 0 takes any free port. Ctrl-C ends it and takes everything away.`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function summary(
  server: WatchedServer,
  place: { dataFolder: string; people: SamplePerson[]; invitation: string },
): string {
  const { dataFolder, people, invitation } = place;
  return [
    "",
    `  Address       ${server.origin}`,
    `  Data folder   ${dataFolder}`,
    ...people.flatMap(({ name, password, recoveryWords, home }) => [
      "",
      `  ${name.padEnd(12)}  password  ${password}`,
      `                words     ${recoveryWords.join(" ")}`,
      `                try       EXCALIBUR_HOME=${home} npx excalibur ls -R`,
    ]),
    "",
    `  Another one   npx excalibur sign-up NAME --invite ${invitation}`,
    "",
    "Ready. Changes of core and server restart the server; the command line runs from its sources anyway.",
    "Ctrl-C ends it and takes everything away.",
  ].join("\n");
}

/** Resolves when somebody wants it to end. A second request ends it at once. */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  });
}

async function main(): Promise<void> {
  const options = {
    port: { type: "string" },
    watch: { type: "string", multiple: true },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  const port = Number(values.port ?? PORT);
  if (values.help || !Number.isInteger(port) || port < 0 || port > 65_535) {
    say(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const asked = untilAsked();
  const folder = await mkdtemp(join(tmpdir(), "excalibur-dev-"));
  const dataFolder = join(folder, "data");
  try {
    await using server = await WatchedServer.start({ dataFolder, port, alsoWatch: values.watch ?? [], say });
    const making = new AbortController();
    const made = makeSamplePeople({ folder, dataFolder, signal: making.signal }, say);
    const people = await Promise.race([made, asked]);
    if (people !== undefined) {
      say(summary(server, { dataFolder, people, invitation: await invitationTo(dataFolder) }));
      await asked;
    }
    making.abort();
    await Promise.allSettled([made]);
    say("Ending.");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
