/**
 * [Note: Accounts are made once]
 * Stretching a password takes a third of a second, on purpose, and no test gets a cheaper one. All servers of a run begin with the same
 * secrets (prepared-secrets.ts), so what OPAQUE made for a name on one of them is good on every other: whoever needs "alice" first
 * registers her for real, and later servers of the run, on either database, are given the same record.
 */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  opaqueClientFinishRegistration,
  opaqueClientStartRegistration,
  opaqueCreateRegistrationResponse,
  opaqueCreateServerSetup,
  randomBytes,
  sha256,
} from "@excalibur/core/primitives";
import { dataFolderAt } from "../config/data-folder.ts";
import type { RunningServer } from "../index.ts";
import { personFrom, type TestPerson } from "./people.ts";

/** Names the folder in which the processes of one run share the accounts they made. */
export const ACCOUNTS_OF_RUN = "EXCALIBUR_TEST_ACCOUNTS";

/** What a password was registered for, and what came of it. */
export interface Registration {
  readonly person: TestPerson;
  readonly registrationRecord: string;
}

async function fileOf(server: RunningServer, name: string): Promise<string | undefined> {
  const folder = process.env[ACCOUNTS_OF_RUN];
  if (folder === undefined) return undefined;
  const { secretsFile } = dataFolderAt(server.context.config.dataFolder);
  const { opaqueServerSetup } = JSON.parse(await readFile(secretsFile, "utf8"));
  const setup = toBase64Url(sha256(fromBase64Url(opaqueServerSetup))).slice(0, 12);
  return join(folder, `${name}-${setup}.json`);
}

/** What this name was registered with by somebody of this run, on a server with the same secrets. */
export async function findRegistration(server: RunningServer, name: string): Promise<Registration | undefined> {
  const file = await fileOf(server, name);
  if (file === undefined) return undefined;
  try {
    const { userId, signatureSeed, record, registrationRecord } = JSON.parse(await readFile(file, "utf8"));
    const [user, seed, identity] = [userId, signatureSeed, record].map((text: string) => fromBase64Url(text));
    if (user === undefined || seed === undefined || identity === undefined) return undefined;
    return { person: personFrom(name, { userId: user, signatureSeed: seed, record: identity }), registrationRecord };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Keeps it for the rest of the run; of two who made the same at the same moment the last stays. */
export async function keepRegistration(
  server: RunningServer,
  { person, registrationRecord }: Registration,
): Promise<void> {
  const file = await fileOf(server, person.name);
  if (file === undefined) return;
  const facts = {
    userId: toBase64Url(person.userId),
    signatureSeed: toBase64Url(person.signatureSeed),
    record: toBase64Url(person.identity.bytes),
    registrationRecord,
  };
  await mkdir(join(file, ".."), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(facts));
  await rename(unfinished, file);
}

let spare: Promise<string> | undefined;

/**
 * A record as any other, which the server cannot tell from one of its own: for whoever signs up and never signs in. Made once in a process.
 */
export function spareRecord(): Promise<string> {
  spare ??= registerNobody();
  return spare;
}

async function registerNobody(): Promise<string> {
  const [password, serverSetup] = [toBase64Url(randomBytes(16)), await opaqueCreateServerSetup()];
  const { clientState, request } = await opaqueClientStartRegistration(password);
  const credentialIdentifier = randomBytes(16);
  const response = await opaqueCreateRegistrationResponse({ serverSetup, credentialIdentifier, request });
  const identifiers = { client: "nobody", server: "nowhere" };
  const { record } = await opaqueClientFinishRegistration({ password, clientState, response, identifiers });
  return toBase64Url(record);
}
