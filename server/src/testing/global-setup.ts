import { makeSecrets, SECRETS_OF_RUN } from "./prepared-secrets.ts";

/** Before a stage of tests of the server: what every server of the run begins with. */
export async function setup(): Promise<void> {
  process.env[SECRETS_OF_RUN] ??= await makeSecrets();
}
