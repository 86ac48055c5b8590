import type { Command } from "commander";
import { addOutputFlags, addTrustFlags, examples, type TrustFlags } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import { UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

type Flags = OutputFlags & TrustFlags & { readonly forget?: boolean };

export function addTrust(program: Command, cli: Cli): void {
  const command = program
    .command("trust")
    .description("Trust a server by its own certificate authority, or look whether that is still the same.")
    .argument("<server>", "address of the server")
    .option("--forget", "remember nothing about it: the system's authorities decide again");
  addOutputFlags(addTrustFlags(command))
    .addHelpText(
      "after",
      examples(
        "trust https://192.168.1.5:52419",
        "trust https://192.168.1.5:52419 --pin sha256:…",
        "trust https://192.168.1.5:52419 --forget",
      ),
    )
    .action((server: string, flags: Flags) => cli.run(flags, (run) => trust(run, server, flags)));
}

const SAID = {
  system: "is vouched for by an authority that this system knows; nothing had to be remembered.",
  unchanged: "still shows the authority that this device trusts:",
  kept: "is trusted from now on by its authority:",
} as const;

async function trust(run: Run, server: string, flags: Flags): Promise<void> {
  const { forgetServer, reconsiderServer } = await import("../server-trust.ts");
  if (flags.forget) {
    if (flags.ca !== undefined || flags.pin !== undefined)
      throw new UsageError("--forget goes without --ca and --pin.");
    const { origin, forgotten } = await forgetServer(run, server);
    run.output.done(
      { server: origin, forgotten },
      forgotten ? `${origin} is forgotten.` : `Nothing was remembered of ${origin}.`,
    );
    return;
  }
  const { origin, standing, anchor } = await reconsiderServer(run, server, flags);
  const document = { server: origin, trusted: standing, fingerprint: anchor?.fingerprint ?? null };
  run.output.done(document, [`${origin} ${SAID[standing]}`, anchor?.fingerprint].filter(Boolean).join("\n"));
}
