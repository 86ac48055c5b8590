import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { dataFolderAt, readIfThere, writeFileSafely } from "../config/data-folder.ts";
import { openSecrets } from "../config/secrets.ts";

/** The text of a secrets file that was made for this run of the tests (global-setup.ts). */
export const SECRETS_OF_RUN = "EXCALIBUR_TEST_SECRETS";

let made: Promise<string> | undefined;

/** The text of a secrets file, made as every server makes its own. */
export async function makeSecrets(): Promise<string> {
  const folder = dataFolderAt(await mkdtemp(join(tmpdir(), "excalibur-test-")));
  try {
    await openSecrets(folder);
    return (await readIfThere(folder.secretsFile)) ?? "";
  } finally {
    await rm(folder.path, { recursive: true });
  }
}

/**
 * Puts a secrets file into the data folder of a server that starts for the first time; leaves one that is there. A server
 * stretches a password to make its own (a third of a second, as long as everybody's); here that is done once for all servers
 * of a run. Only the key of names that nobody has is new each time, so that none takes another's backups for its own.
 */
export async function giveSecrets(dataFolder: string): Promise<void> {
  const { secretsFile } = dataFolderAt(dataFolder);
  if ((await readIfThere(secretsFile)) !== undefined) return;
  const ofRun = process.env[SECRETS_OF_RUN];
  made ??= ofRun === undefined ? makeSecrets() : Promise.resolve(ofRun);
  const secrets = { ...JSON.parse(await made), ghostKey: toBase64Url(randomBytes(32)) };
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFileSafely(secretsFile, `${JSON.stringify(secrets, undefined, 2)}\n`);
}
