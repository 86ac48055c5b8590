import type { Command } from "commander";
import { type Effective, exampleFile } from "../../config/settings/index.ts";
import { addServeOptions, type ServeOptions, settingsOf } from "../options.ts";
import { sayJson, type Terminal, table } from "../terminal.ts";

type ShowFlags = ServeOptions & { readonly json?: boolean };

/** Without passwords: this goes into tickets and chats. */
function shownValue({ setting, value }: Effective): unknown {
  return setting.kind.masked ? setting.kind.masked(value) : value;
}

function show(flags: ShowFlags, terminal: Terminal): void {
  const { effective, file, fileExists } = settingsOf(flags);
  if (flags.json) {
    const settings = effective.map((found) => ({
      key: found.setting.key,
      value: shownValue(found),
      unit: found.setting.kind.unit ?? null,
      source: found.source,
      place: found.place || null,
    }));
    sayJson(terminal, { file, fileExists, settings });
    return;
  }
  const rows = effective.map((found) => [
    found.setting.key,
    found.setting.kind.toToml(shownValue(found)),
    `${found.source} ${found.place}`.trimEnd(),
  ]);
  terminal.say(table([["SETTING", "VALUE", "FROM"], ...rows]));
  terminal.say(`\nSettings file: ${file}${fileExists ? "" : " (there is none)"}`);
}

export function addConfig(program: Command, terminal: Terminal): void {
  const config = program.command("config").description("The settings of this server.");
  addServeOptions(config.command("show").description("What holds, and where each value comes from. Hides passwords."))
    .option("--json", "for programs: {file, fileExists, settings: [{key, value, unit, source, place}]}")
    .action((flags: ShowFlags) => show(flags, terminal));
  config
    .command("example")
    .description("Print a settings file in which every setting stands as a comment, with its default.")
    .action(() => terminal.say(exampleFile().trimEnd()));
}
