import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { nearest, SettingError } from "./setting-error.ts";
import { SETTINGS } from "./table.ts";

const LONGEST_BYTES = 1024 * 1024;

export interface SettingsFile {
  readonly path: string;
  /** As written, by key. */
  readonly values: ReadonlyMap<string, unknown>;
  /** "/data/excalibur.toml, line 3" */
  place(key: string): string;
}

/** Where it is looked for when nobody names one. */
export function defaultSettingsFile(dataFolder: string): string {
  return join(dataFolder, "excalibur.toml");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of that path is a file, not a folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
};

function readText(path: string, isOptional: boolean): string | undefined {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > LONGEST_BYTES)
      throw new SettingError(
        `The settings file ${path} is larger than 1 MiB, so it is no settings file. Name another one with --config.`,
        { file: path },
      );
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (isOptional && (code === "ENOENT" || code === "ENOTDIR")) return undefined;
    if (error instanceof SettingError) throw error;
    const reason = code.startsWith("ERR_ENCODING")
      ? "it is no UTF-8 text"
      : (REASONS[code] ?? `the system said ${code}`);
    const advice = "Name another one with --config, or mend it";
    throw new SettingError(`The settings file ${path} cannot be read: ${reason}. ${advice}.`, { file: path }, error);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Every key that stands in the file, tables resolved: as far down as a setting or nothing known goes. */
function* keysOf(table: Record<string, unknown>, prefix = ""): Generator<readonly [key: string, value: unknown]> {
  for (const [name, value] of Object.entries(table)) {
    const key = prefix + name;
    const isKnownTable = SETTINGS.some((row) => row.key.startsWith(`${key}.`));
    if (isKnownTable && isTable(value)) yield* keysOf(value, `${key}.`);
    else yield [key, value];
  }
}

/** Where a key is written, for people: the parser does not keep it. */
function lineOf(text: string, key: string): number | undefined {
  let table = "";
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s*\[\s*([\w\-.]+)\s*\]/.exec(line);
    if (header) table = `${header[1]}.`;
    const name = /^\s*["']?([\w\-.]+)["']?\s*=/.exec(line);
    if ((name && table + name[1] === key) || (header && header[1] === key)) return index + 1;
  }
  return undefined;
}

function unknownKey(key: string, place: string): SettingError {
  const keys = SETTINGS.map((row) => row.key);
  const tables = keys.filter((known) => known.startsWith(`${key}.`));
  const meant = nearest(key, [
    ...keys,
    ...keys.filter((known) => known.includes(".")).map((known) => known.split(".")[0]!),
  ]);
  const advice =
    tables.length > 0
      ? `It is a table; in it belong ${tables.join(", ")}`
      : meant === undefined
        ? `There are ${keys.join(", ")}`
        : `Did you mean ${meant}? «excalibur-server config show» lists all settings`;
  return new SettingError(`${key} in ${place} is not a setting. ${advice}.`, { key });
}

/** Reads a settings file; undefined when an optional one is not there. @throws SettingError */
export function readSettingsFile(path: string, options: { readonly isOptional: boolean }): SettingsFile | undefined {
  const text = readText(path, options.isOptional);
  if (text === undefined) return undefined;
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Never the line itself, which may hold a password.
    const what = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
    throw new SettingError(
      `The settings file ${path} is not valid TOML: line ${error.line}, column ${error.column}: ${what}.`,
      {
        file: path,
      },
    );
  }
  const place = (key: string) => {
    const line = lineOf(text, key);
    return line === undefined ? path : `${path}, line ${line}`;
  };
  const values = new Map(keysOf(table));
  for (const key of values.keys()) if (!SETTINGS.some((row) => row.key === key)) throw unknownKey(key, place(key));
  return { path, values, place };
}
