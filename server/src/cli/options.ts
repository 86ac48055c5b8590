/** Flags and environment, one place for both. A flag wins over its variable. */

import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Config, DEFAULTS, type SignUpPolicy } from "../config/config.ts";
import { dataFolderAt } from "../config/data-folder.ts";
import { isLoopback } from "../config/origins.ts";
import { defaultDataFolder } from "../config/platform.ts";
import { UsageError } from "./failure.ts";

export interface PlaceOptions {
  readonly data: string;
  readonly databaseUrl?: string;
}

export interface ServeOptions extends PlaceOptions {
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: readonly string[];
  readonly signUp: SignUpPolicy;
  readonly defaultQuota: number | null;
  readonly insecureHttp?: boolean;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 (any free one) to 65535.");
  return port;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

export function parseSize(text: string): number | null {
  if (text === "none") return null;
  const match = /^(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  const sizeBytes = match ? Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!) : Number.NaN;
  if (!Number.isSafeInteger(sizeBytes))
    throw new InvalidArgumentError('Write a size as 500M, 20G or 2T, or "none" for no limit.');
  return sizeBytes;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.search ||
    url.hash ||
    url.username ||
    !/^[A-Za-z0-9\-_./]*$/.test(url.pathname)
  ) {
    throw new InvalidArgumentError("Write the address as https://drive.example.org, without «?» and «#».");
  }
  return url.href.replace(/\/+$/, "");
}

function collectUrls(text: string, earlier: readonly string[] | undefined): string[] {
  return [
    ...(earlier ?? []),
    ...text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(parseUrl),
  ];
}

/** Where the data is. */
export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--data <folder>", "data folder")
        .env("EXCALIBUR_DATA")
        .default(defaultDataFolder(), "data in the repository"),
    )
    .addOption(
      new Option(
        "--database-url <url>",
        "PostgreSQL instead of the built-in SQLite: postgres://user:password@host/name (also env: DATABASE_URL)",
      ).env("EXCALIBUR_DATABASE_URL"),
    );
}

export function addPublicUrlOption(command: Command): Command {
  const publicUrl = new Option(
    "--public-url <url>",
    "address people use, as https://drive.example.org (may be given several times)",
  );
  return command.addOption(publicUrl.env("EXCALIBUR_PUBLIC_URL").argParser(collectUrls));
}

export function addServeOptions(command: Command): Command {
  return addPublicUrlOption(addPlaceOptions(command))
    .addOption(
      new Option("--host <address>", "address to listen on; 0.0.0.0 for every network")
        .env("EXCALIBUR_HOST")
        .default(DEFAULTS.host),
    )
    .addOption(
      new Option("--port <number>", "port to listen on")
        .env("EXCALIBUR_PORT")
        .default(DEFAULTS.port)
        .argParser(parsePort),
    )
    .addOption(
      new Option("--sign-up <policy>", "who may make an account")
        .env("EXCALIBUR_SIGN_UP")
        .choices(["invitation", "open", "closed"])
        .default(DEFAULTS.signUp),
    )
    .addOption(
      new Option("--default-quota <size>", 'for new accounts, as 20G or "none"')
        .env("EXCALIBUR_DEFAULT_QUOTA")
        .default(null, "none")
        .argParser(parseSize),
    )
    .addOption(
      new Option("--insecure-http", "listen on a network without HTTPS, knowing what that means").env(
        "EXCALIBUR_INSECURE_HTTP",
      ),
    );
}

export function placeOf(options: PlaceOptions): Pick<Config, "dataFolder" | "database"> {
  const dataFolder = resolve(options.data);
  const databaseUrl = options.databaseUrl ?? process.env["DATABASE_URL"];
  const database = databaseUrl ? { postgresUrl: databaseUrl } : { sqliteFile: dataFolderAt(dataFolder).sqliteFile };
  return { dataFolder, database };
}

/** @throws UsageError for plain http on a network, unless it is asked for in so many words */
export function configOf(options: ServeOptions): Config {
  const publicUrls = options.publicUrl ?? [];
  const isEncrypted = publicUrls.some((url) => url.startsWith("https:"));
  if (!isLoopback(options.host) && !isEncrypted && !options.insecureHttp) {
    throw new UsageError(
      `With --host ${options.host} this server would speak plain http to a network: everybody on it could see who signs in and when, and browsers refuse ` +
        "to encrypt on such a page. Put an HTTPS proxy in front and name it with --public-url https://…, or add --insecure-http if you know that this network is yours.",
    );
  }
  return {
    ...placeOf(options),
    host: options.host,
    port: options.port,
    publicUrls,
    signUp: options.signUp,
    defaultQuotaBytes: options.defaultQuota,
    rateLimits: DEFAULTS.rateLimits,
    shutdownMs: DEFAULTS.shutdownMs,
  };
}
