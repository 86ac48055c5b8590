/** What all commands have in common on the command line. */

import type { Command } from "commander";

export function addOutputFlags(command: Command): Command {
  return command
    .option("--json", "one JSON document on stdout; errors on stderr as one JSON line")
    .option("-q, --quiet", "say only what was asked for, and what went wrong");
}

/** How a server is recognised whose certificate authority the system does not know. */
export interface TrustFlags {
  readonly ca?: string;
  readonly pin?: string;
}

export function addTrustFlags(command: Command): Command {
  return command
    .option("--ca <file>", "the server's certificate authority (PEM or DER), when the system does not know it")
    .option("--pin <fingerprint>", "the same by its fingerprint, as sha256:…");
}

/** Lines under "Examples:" at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ["", "Examples:", ...lines.map((line) => `  excalibur ${line}`)].join("\n");
}

export type ConflictPolicy = "fail" | "replace" | "keep-both";

export interface ConflictFlags {
  readonly replace?: boolean;
  readonly keepBoth?: boolean;
}

export function conflictPolicy({ replace, keepBoth }: ConflictFlags): ConflictPolicy {
  if (replace) return "replace";
  return keepBoth ? "keep-both" : "fail";
}

/** For options that may be given several times. */
export function collected(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
