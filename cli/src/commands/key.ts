import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addKey(program: Command, cli: Cli): void {
  const key = program
    .command("key")
    .description("Recipient keys: what others seal files to. They belong to no account.");
  addOutputFlags(
    key
      .command("create")
      .description(
        "Make a key pair: the secret half into a new file that only you can read, the public half on stdout.",
      )
      .argument("<file>", "a new file; one that exists is never overwritten"),
  )
    .addHelpText("after", examples("key create my.key > my.pub"))
    .action((file: string, flags: OutputFlags) => cli.run(flags, (run) => createKey(run, file)));
  addOutputFlags(
    key
      .command("show")
      .description("Write the public half of a key file to stdout, and its fingerprint to compare.")
      .argument("<file>", "a file with a secret or a public key"),
  )
    .addHelpText("after", examples("key show my.key", "key show bob.pub --json"))
    .action((file: string, flags: OutputFlags) => cli.run(flags, (run) => showKey(run, file)));
}

async function createKey(run: Run, file: string): Promise<void> {
  const { createRecipientKey, fingerprintDigits } = await import("@excalibur/sdk/standalone");
  const { createKeyFile } = await import("../standalone/key-file.ts");
  const pair = await createRecipientKey();
  await createKeyFile(file, pair);
  const fingerprint = fingerprintDigits(pair.fingerprint);
  run.output.result({ file, recipient: pair.publicText, fingerprint }, () => [pair.publicText]);
  run.output.note(
    `The secret half is in ${file}. Without it nobody opens what is sealed to the key: keep a copy in a safe place.`,
  );
  run.output.note(`Fingerprint: ${fingerprint}`);
}

async function showKey(run: Run, file: string): Promise<void> {
  const { fingerprintDigits } = await import("@excalibur/sdk/standalone");
  const { keyIn } = await import("../standalone/keys.ts");
  const key = await keyIn(file);
  const fingerprint = fingerprintDigits(key.fingerprint);
  run.output.result({ recipient: key.publicText, fingerprint }, () => [key.publicText]);
  run.output.note(`Fingerprint: ${fingerprint}`);
}
