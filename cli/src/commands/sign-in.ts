import type { Command } from "commander";
import { addOutputFlags, addTrustFlags, examples, type TrustFlags } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askPassword, readLines } from "../terminal/prompts.ts";

interface SignInFlags extends OutputFlags, TrustFlags {
  readonly server: string;
  readonly passwordStdin?: boolean;
}

export function addSignIn(program: Command, cli: Cli): void {
  const command = program
    .command("sign-in")
    .description("Sign in on this device. It stays signed in until sign-out or lock.")
    .argument("<name>", "user name")
    .requiredOption("--server <url>", "address of the server")
    .option("--password-stdin", "read the password from the first line of standard input");
  addOutputFlags(addTrustFlags(command))
    .addHelpText("after", examples("sign-in alice --server https://drive.example.org"))
    .action((name: string, flags: SignInFlags) => cli.run(flags, (run) => signIn(run, name, flags)));
}

async function signIn(run: Run, name: string, flags: SignInFlags): Promise<void> {
  const { userNameOf } = await import("@excalibur/sdk");
  const userName = userNameOf(name);
  const { meetServer } = await import("../server-trust.ts");
  await meetServer(run, flags.server, flags);
  const password = flags.passwordStdin
    ? ((await readLines(run.terminal, 1))[0] as string)
    : await askPassword(run, `Password of ${userName}`);
  const excalibur = await run.excalibur();
  const { hostname } = await import("node:os");
  const { server } = flags;
  const options = { server, name, password, deviceName: hostname(), client: "cli", signal: run.signal } as const;
  const account = await excalibur.signIn(options);
  const document = { name: account.name, server: account.server };
  run.output.done(document, `You are signed in as ${account.name} at ${account.server}.`);
  await account.close();
}
