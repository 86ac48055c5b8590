/** Settings as flags of commands. What else can set them, and what is allowed, stands in config/settings. */

import { type Command, Option } from "commander";
import type { Config } from "../config/config.ts";
import { isLoopback } from "../config/origins.ts";
import {
  CONFIG_FLAG,
  CONFIG_VARIABLE,
  defaultOf,
  flagOf,
  type ReadSettings,
  readSettings,
  SETTINGS,
  type Setting,
  variablesOf,
} from "../config/settings/index.ts";
import { UsageError } from "./failure.ts";

/** Flags that say where the data is, as commander hands them over. Made into a `Config` by `placeOf`. */
export interface PlaceOptions {
  readonly config?: string;
  readonly data?: string;
  readonly databaseUrl?: string;
}

/** As `PlaceOptions`, with every other setting. */
export type ServeOptions = PlaceOptions & Readonly<Record<string, unknown>>;

const CONFIG = new Option(
  `${CONFIG_FLAG} <file>`,
  `settings file in TOML (default: excalibur.toml in the data folder, env: ${CONFIG_VARIABLE})`,
);

function describe(row: Setting): string {
  const facts = [
    ...(row.kind.placeholder === undefined ? [] : [row.kind.allowed]),
    `default: ${defaultOf(row).replaceAll(/[`"]/g, "")}`,
    `env: ${variablesOf(row).join(" or ")}`,
    `file: ${row.key}`,
  ];
  return `${row.doc} (${facts.join("; ")})`;
}

function addSetting(command: Command, row: Setting): void {
  const flag = flagOf(row);
  const { placeholder, isList } = row.kind;
  const option = new Option(placeholder === undefined ? flag : `${flag} <${placeholder}>`, describe(row));
  // Values are read by config/settings, which knows the other places too: here they stay texts.
  if (isList) option.argParser((text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), text]);
  command.addOption(option);
  if (placeholder === undefined) command.addOption(new Option(flag.replace("--", "--no-"), "").hideHelp());
}

/** Flags of the settings with these keys, and `--config`. */
function addSettings(command: Command, isWanted: (row: Setting) => boolean): Command {
  for (const row of SETTINGS.filter(isWanted)) addSetting(command, row);
  return command;
}

const PLACE = new Set(["data", "database_url"]);

/** Where the data is. */
export function addPlaceOptions(command: Command): Command {
  return addSettings(command.addOption(CONFIG), ({ key }) => PLACE.has(key));
}

/** To `addPlaceOptions`, for commands that print addresses. */
export function addPublicUrlOption(command: Command): Command {
  return addSettings(command, ({ key }) => key === "public_url");
}

/** To `addPlaceOptions`, for commands that give accounts what new ones get. */
export function addQuotaOption(command: Command): Command {
  return addSettings(command, ({ key }) => key === "default_quota");
}

/** Every setting. */
export function addServeOptions(command: Command): Command {
  return addSettings(command.addOption(CONFIG), () => true);
}

function camelCase(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What holds for a command that was given these flags. @throws SettingError */
export function settingsOf(options: object): ReadSettings {
  const given = options as Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  const flags = [CONFIG_FLAG, ...SETTINGS.map(flagOf)].flatMap((flag) => {
    const value = given[camelCase(flag)];
    return value === undefined ? [] : [[flag, value] as const];
  });
  return readSettings({ flags: new Map(flags), env: process.env });
}

/** @throws SettingError */
export function placeOf(options: PlaceOptions): Config {
  return settingsOf(options).config;
}

/** @throws SettingError; UsageError for plain http on a network, unless it is asked for in so many words */
export function configOf(options: ServeOptions): Config {
  const { config } = settingsOf(options);
  const isEncrypted = config.https || config.publicUrls.some((url) => url.startsWith("https:"));
  if (!isLoopback(config.host) && !isEncrypted && !config.insecureHttp) {
    throw new UsageError(
      `With --host ${config.host} this server would speak plain http to a network: everybody on it could see who signs in and when, and browsers refuse ` +
        "to encrypt on such a page. Add --https, or put an HTTPS proxy in front and name it with --public-url https://…, or add --insecure-http if you know that this network is yours.",
    );
  }
  return config;
}
