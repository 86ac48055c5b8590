/** From flags, environment, file and defaults to what holds. */

import { dirname, resolve } from "node:path";
import type { Config } from "../config.ts";
import { dataFolderAt } from "../data-folder.ts";
import { nested } from "./nested.ts";
import { flagOf, type Settable, type Setting, variablesOf } from "./setting.ts";
import { SettingError } from "./setting-error.ts";
import { defaultSettingsFile, readSettingsFile, type SettingsFile } from "./settings-file.ts";
import { SETTINGS } from "./table.ts";

export type Source = "flag" | "environment" | "file" | "default";

export interface Effective {
  readonly setting: Setting;
  readonly value: unknown;
  readonly source: Source;
  /** The flag, the variable, the file with its line; empty for a default. */
  readonly place: string;
}

export interface ReadSettings {
  readonly config: Config;
  readonly effective: readonly Effective[];
  /** The file that was read, or would be if it were there. */
  readonly file: string;
  readonly fileExists: boolean;
}

export interface Given {
  /** By flag name («--port»): texts, true and false of switches. What was not given is absent. */
  readonly flags: ReadonlyMap<string, string | boolean | readonly string[]>;
  readonly env: NodeJS.ProcessEnv;
}

export const CONFIG_FLAG = "--config";
export const CONFIG_VARIABLE = "EXCALIBUR_CONFIG";

function refuse(row: Setting, { written, place }: { readonly written: string; readonly place: string }): SettingError {
  const what = row.kind.masked ? row.key : written;
  const at = place === "" ? "" : ` in ${place}`;
  return new SettingError(
    `${what}${at} is not allowed: ${row.key} is ${row.kind.allowed}. Nothing was started or changed.`,
    {
      key: row.key,
    },
  );
}

function fromFlag(row: Setting, given: Given): Omit<Effective, "setting"> | undefined {
  const flag = flagOf(row);
  const raw = given.flags.get(flag);
  if (raw === undefined) return undefined;
  if (typeof raw === "boolean") return { value: raw, source: "flag", place: flag };
  const text = typeof raw === "string" ? raw : raw.join(" ");
  const value = row.kind.fromText(text);
  if (value === undefined) throw refuse(row, { written: `${flag} ${text}`, place: "" });
  return { value, source: "flag", place: flag };
}

function fromEnvironment(row: Setting, { env }: Given): Omit<Effective, "setting"> | undefined {
  for (const name of variablesOf(row)) {
    const text = env[name];
    // Supervisors and compose files pass empty variables for what is not set.
    if (text === undefined || text === "") continue;
    const value = row.kind.fromText(text);
    if (value === undefined) throw refuse(row, { written: `${name}=${text}`, place: "the environment" });
    return { value, source: "environment", place: name };
  }
  return undefined;
}

function fromFile(row: Setting, file: SettingsFile | undefined): Omit<Effective, "setting"> | undefined {
  if (!file?.values.has(row.key)) return undefined;
  const raw = file.values.get(row.key);
  const place = file.place(row.key);
  const value = row.kind.fromToml(raw);
  if (value === undefined) throw refuse(row, { written: `${row.key} = ${JSON.stringify(raw)}`, place });
  return { value, source: "file", place };
}

function findValue(row: Setting, given: Given, file: SettingsFile | undefined): Effective {
  const found = fromFlag(row, given) ?? fromEnvironment(row, given) ?? fromFile(row, file);
  return { setting: row, ...(found ?? { value: row.default, source: "default", place: "" }) };
}

const DATA = SETTINGS.find(({ field }) => field === "dataFolder")!;

/** The file that was named, or the one in the data folder, which has to be known before it is read. */
function findFile(given: Given): { path: string; read: SettingsFile | undefined } {
  const flag = given.flags.get(CONFIG_FLAG);
  const named = typeof flag === "string" ? flag : given.env[CONFIG_VARIABLE];
  if (named) {
    const path = resolve(named);
    return { path, read: readSettingsFile(path, { isOptional: false }) };
  }
  const path = defaultSettingsFile(resolve(String(findValue(DATA, given, undefined).value)));
  const read = readSettingsFile(path, { isOptional: true });
  if (read?.values.has(DATA.key)) {
    const message = `${DATA.key} in ${read.place(DATA.key)} cannot be there: that file was found in the data folder, so it cannot name another one. Take it out, or start with --config ${path}.`;
    throw new SettingError(message, { key: DATA.key });
  }
  return { path, read };
}

function withAbsoluteFolder(found: Effective, file: string): Effective {
  if (found.setting !== DATA) return found;
  const base = found.source === "file" ? dirname(file) : process.cwd();
  return { ...found, value: resolve(base, String(found.value)) };
}

/** Who asks for HTTPS wants to be reached by other devices. */
function withReach(all: readonly Effective[]): readonly Effective[] {
  const isHttps = all.some(({ setting, value }) => setting.field === "https" && value === true);
  const everywhere = (found: Effective) =>
    found.setting.field === "host" && found.source === "default"
      ? { ...found, value: "0.0.0.0", place: "(with https)" }
      : found;
  return isHttps ? all.map(everywhere) : all;
}

/** Flag before environment before file before default. @throws SettingError */
export function readSettings(given: Given): ReadSettings {
  const { path, read } = findFile(given);
  const effective = withReach(SETTINGS.map((row) => withAbsoluteFolder(findValue(row, given, read), path)));
  const settable = nested(effective.map(({ setting, value }) => [setting.field, value])) as unknown as Settable;
  const { databaseUrl, ...config } = settable;
  const database =
    databaseUrl === null ? { sqliteFile: dataFolderAt(config.dataFolder).sqliteFile } : { postgresUrl: databaseUrl };
  return { config: { ...config, database }, effective, file: path, fileExists: read !== undefined };
}
