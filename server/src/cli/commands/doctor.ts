import { ExcaliburError } from "@excalibur/core/bytes";
import type { Command } from "commander";
import { dataFolderAt, requireDataFolder } from "../../config/data-folder.ts";
import { examine, type Finding } from "../../doctor/index.ts";
import { addServeOptions, type ServeOptions, settingsOf } from "../options.ts";
import { sayJson, type Terminal } from "../terminal.ts";

type DoctorFlags = ServeOptions & { readonly json?: boolean };

/** Something is wrong with the server; the lines that were printed say what, and what to do. */
class UnwellError extends ExcaliburError {
  constructor(failures: number) {
    super("unwell", `${failures} of these ${failures === 1 ? "has" : "have"} failed. What to do stands below each.`);
  }
}

function lines({ check, status, message, advice }: Finding): string {
  const line = `${status.padEnd(8)} ${check.padEnd(16)} ${message}`;
  return advice === undefined ? line : `${line}\n${" ".repeat(26)}→ ${advice}`;
}

async function doctor(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const settings = settingsOf(flags);
  await requireDataFolder(dataFolderAt(settings.config.dataFolder));
  const { status, findings } = await examine(settings, Date.now());
  if (flags.json) sayJson(terminal, { status, findings });
  else for (const finding of findings) terminal.say(lines(finding));
  const failures = findings.filter((finding) => finding.status === "failed").length;
  if (failures > 0) throw new UnwellError(failures);
}

export function addDoctor(program: Command, terminal: Terminal): void {
  const command = program
    .command("doctor")
    .description(
      "Look the server over, running or not: clock, disk, permissions, database, ports, certificates, proxy.",
    );
  addServeOptions(command)
    .option("--json", "for programs: {status, findings: [{check, status, message, advice}]}")
    .action((flags: DoctorFlags) => doctor(flags, terminal));
}
