import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  opaqueClientFinishRegistration,
  opaqueClientStartRegistration,
  opaqueCreateRegistrationResponse,
  opaqueCreateServerSetup,
  randomBytes,
} from "@excalibur/core/primitives";
import { type DataFolder, folderProblem, readIfThere, writeFileSafely } from "./data-folder.ts";
import { StartError } from "./start-error.ts";

/** What lies beside the database and never in it: a dump of the database alone must not allow a guess (cryptography.md §2). */
export interface Secrets {
  readonly opaqueServerSetup: Uint8Array;
  /** Makes the stable user ids of names that nobody has. */
  readonly ghostKey: Uint8Array;
  /** A real OPAQUE record of a password that nobody knows: unknown names go the same way as known ones. */
  readonly ghostRecord: Uint8Array;
}

const FIELDS = ["opaqueServerSetup", "ghostKey", "ghostRecord"] as const;

async function createSecrets(): Promise<Secrets> {
  const opaqueServerSetup = await opaqueCreateServerSetup();
  const ghostKey = randomBytes(32);
  const password = toBase64Url(randomBytes(32));
  const { clientState, request } = await opaqueClientStartRegistration(password);
  const credentialIdentifier = randomBytes(16);
  const response = await opaqueCreateRegistrationResponse({
    serverSetup: opaqueServerSetup,
    credentialIdentifier,
    request,
  });
  const identifiers = { client: "exc:", server: "excalibur:v1" };
  const { record } = await opaqueClientFinishRegistration({ password, clientState, response, identifiers });
  return { opaqueServerSetup, ghostKey, ghostRecord: record };
}

function parseSecrets(text: string): Secrets {
  const stored = JSON.parse(text) as Record<string, unknown>;
  if (stored["version"] !== 1) throw new TypeError("unknown version");
  const [opaqueServerSetup, ghostKey, ghostRecord] = FIELDS.map((name) => fromBase64Url(String(stored[name] ?? "")));
  if (!opaqueServerSetup?.length || ghostKey?.length !== 32 || !ghostRecord?.length) throw new TypeError("incomplete");
  return { opaqueServerSetup, ghostKey, ghostRecord };
}

/**
 * The secrets, or undefined without a file.
 * @throws StartError when the file is there and cannot be read: a new one would end every password for nothing
 */
export async function readSecrets(folder: DataFolder): Promise<Secrets | undefined> {
  try {
    const text = await readIfThere(folder.secretsFile);
    return text === undefined ? undefined : parseSecrets(text);
  } catch (error) {
    throw new StartError(
      "secrets_unreadable",
      `The secrets file ${folder.secretsFile} cannot be read or is damaged. Put it back from a backup. If it is lost for good, ` +
        "move it away and start again: nobody's password will work then, but everybody's recovery words will.",
      {},
      error,
    );
  }
}

/**
 * Reads the secrets file, or makes it. `madeNew` together with existing accounts means that it was lost: no password
 * works any more, recovery words do. @throws StartError
 */
export async function openSecrets(
  folder: DataFolder,
): Promise<{ readonly secrets: Secrets; readonly madeNew: boolean }> {
  const found = await readSecrets(folder);
  if (found !== undefined) return { secrets: found, madeNew: false };
  const secrets = await createSecrets();
  const stored = Object.fromEntries(FIELDS.map((name) => [name, toBase64Url(secrets[name])]));
  try {
    await writeFileSafely(folder.secretsFile, `${JSON.stringify({ version: 1, ...stored }, undefined, 2)}\n`);
  } catch (error) {
    throw folderProblem(folder.path, error);
  }
  return { secrets, madeNew: true };
}
