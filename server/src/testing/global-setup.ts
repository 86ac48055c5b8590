import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { readIfThere, writeFileSafely } from "../config/data-folder.ts";
import { ACCOUNTS_OF_RUN } from "./made-accounts.ts";
import { makeDatabase } from "./made-database.ts";
import { makeSecrets, SECRETS_OF_RUN } from "./prepared-secrets.ts";

/** Before a stage of tests of the server: what every server of the run begins with, and where the accounts of the run are kept. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[ACCOUNTS_OF_RUN];
  const folder = given ?? (await mkdtemp(join(tmpdir(), "excalibur-accounts-")));
  process.env[ACCOUNTS_OF_RUN] = folder;
  process.env[SECRETS_OF_RUN] ??= await secretsIn(folder);
  const isPostgres = project.config.env["EXCALIBUR_TEST_DATABASE"] === "postgres";
  await makeDatabase(isPostgres ? "postgres" : "sqlite", folder);
  // Several stages share what the runner named; it also removes it.
  return given === undefined ? () => rm(folder, { recursive: true, force: true }) : undefined;
}

async function secretsIn(folder: string): Promise<string> {
  const file = join(folder, "secrets.json");
  const there = await readIfThere(file);
  if (there !== undefined) return there;
  const made = await makeSecrets();
  await mkdir(folder, { recursive: true });
  await writeFileSafely(file, made);
  return made;
}
