/** The table as people read it. */

import { flagOf, type Setting, variablesOf } from "./setting.ts";
import { SETTINGS } from "./table.ts";

/** The default as it would stand in a file, or what is said instead. */
export function defaultOf(row: Setting): string {
  return row.defaultSays ?? row.kind.toToml(row.default);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** For docs/operate/config.md. */
export function settingsTable(): string {
  const rows = SETTINGS.map((row) => {
    const flag =
      row.kind.placeholder === undefined ? flagOf(row) : `${flagOf(row)} ${row.kind.placeholder.toUpperCase()}`;
    const value = row.defaultSays ?? `\`${row.kind.toToml(row.default)}\``;
    const variables = variablesOf(row).map((name) => `\`${name}\``);
    const cells = [`\`${row.key}\``, `\`${flag}\``, variables.join(", "), value, row.kind.allowed, `${row.doc}`];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return [
    "| in the file | flag | environment | default | allowed | what it is |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** A settings file that changes nothing: every setting with its default, commented out. */
export function exampleFile(): string {
  const lines = [
    "# Settings of this Excalibur server. What stands here as a comment is what holds anyway; take the «#» away to change it.",
    "# Flags and environment variables are stronger than this file. «excalibur-server config show» prints what holds.",
  ];
  let table = "";
  const rows = SETTINGS.filter(({ field }) => field !== "dataFolder");
  // What belongs to no table has to stand before the first one.
  const isInTable = ({ key }: Setting) => key.includes(".");
  for (const row of [...rows.filter((row) => !isInTable(row)), ...rows.filter(isInTable)]) {
    const cut = row.key.lastIndexOf(".");
    const name = row.key.slice(cut + 1);
    if (cut >= 0 && row.key.slice(0, cut) !== table) {
      table = row.key.slice(0, cut);
      lines.push("", `[${table}]`);
    }
    lines.push("", `# ${row.doc[0]!.toUpperCase()}${row.doc.slice(1)}. Allowed: ${row.kind.allowed}.`);
    lines.push(`#${name} = ${row.kind.toToml(row.default)}`);
  }
  return `${lines.join("\n")}\n`;
}
