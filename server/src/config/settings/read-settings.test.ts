import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULTS } from "../config.ts";
import { type Given, readSettings, SETTINGS, SettingError } from "./index.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  file = join(folder, "excalibur.toml");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Flags = Record<string, string | boolean | string[]>;

function read(options: { flags?: Flags; env?: NodeJS.ProcessEnv } = {}) {
  const given: Given = {
    flags: new Map(Object.entries({ "--data": folder, ...options.flags })),
    env: options.env ?? {},
  };
  return readSettings(given);
}

async function problemOf(toml: string | Uint8Array): Promise<string> {
  await writeFile(file, toml);
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(SettingError);
    return (error as Error).message;
  }
  return "no problem";
}

describe("what holds", () => {
  it("is the default where nothing is said", () => {
    const { config, effective, fileExists } = read();
    expect(config).toEqual({
      ...DEFAULTS,
      dataFolder: folder,
      database: { sqliteFile: join(folder, "excalibur.sqlite") },
    });
    expect(fileExists).toBe(false);
    expect(effective.filter(({ source }) => source !== "default").map(({ setting }) => setting.key)).toEqual(["data"]);
  });

  it("is the flag before the environment before the file before the default", async () => {
    await writeFile(
      file,
      'port = 1001\nhost = "127.0.0.3"\nsign_up = "open"\n[rate_limits]\ngeneral_per_minute = 77\n',
    );
    const { config, effective } = read({
      flags: { "--port": "1003" },
      env: { EXCALIBUR_PORT: "1002", EXCALIBUR_HOST: "127.0.0.2", EXCALIBUR_SIGN_UP: "" },
    });
    expect(config).toMatchObject({
      port: 1003,
      host: "127.0.0.2",
      signUp: "open",
      rateLimits: { generalPerMinute: 77, sensitivePerMinute: DEFAULTS.rateLimits.sensitivePerMinute },
    });
    const from = Object.fromEntries(effective.map(({ setting, source, place }) => [setting.key, [source, place]]));
    expect(from).toMatchObject({
      port: ["flag", "--port"],
      host: ["environment", "EXCALIBUR_HOST"],
      sign_up: ["file", `${file}, line 3`],
      "rate_limits.general_per_minute": ["file", `${file}, line 5`],
      shutdown_time: ["default", ""],
    });
  });

  it("takes every setting from each place", async () => {
    const written: Record<string, [text: string, toml: string]> = {
      public_url: ["https://a.example", '["https://a.example"]'],
      database_url: ["postgres://u:p@h/n", '"postgres://u:p@h/n"'],
      "metrics.token": ["sixteen-letters-x", '"sixteen-letters-x"'],
    };
    for (const { key, kind, default: value } of SETTINGS.filter((row) => row.key !== "data")) {
      const [text, toml] = written[key] ?? [kind.toToml(value).replaceAll(/["[\]]/g, ""), kind.toToml(value)];
      const cut = key.lastIndexOf(".");
      await writeFile(file, `${cut < 0 ? "" : `[${key.slice(0, cut)}]\n`}${key.slice(cut + 1)} = ${toml}\n`);
      const flag = `--${key.replaceAll(/[._]/g, "-")}`;
      const variable = `EXCALIBUR_${key.replaceAll(".", "_").toUpperCase()}`;
      const isSwitch = kind.placeholder === undefined;
      const sourceOf = (options: Parameters<typeof read>[0]) =>
        read(options).effective.find(({ setting }) => setting.key === key)?.source;
      expect([key, sourceOf({})]).toEqual([key, "file"]);
      expect([key, sourceOf({ env: { [variable]: text } })]).toEqual([key, "environment"]);
      expect([key, sourceOf({ flags: { [flag]: isSwitch ? true : text } })]).toEqual([key, "flag"]);
    }
  });

  it("with https listens on every network, unless somebody said where", () => {
    expect(read({ flags: { "--https": true } }).config).toMatchObject({ https: true, host: "0.0.0.0" });
    expect(read({ flags: { "--https": true, "--host": "127.0.0.1" } }).config.host).toBe("127.0.0.1");
    expect(read({ env: { EXCALIBUR_HTTPS: "no" } }).config.host).toBe("127.0.0.1");
  });

  it("keeps DATABASE_URL, weaker than the variable of our own", () => {
    expect(read({ env: { DATABASE_URL: "postgres://h/one" } }).config.database).toEqual({
      postgresUrl: "postgres://h/one",
    });
    const env = { DATABASE_URL: "postgres://h/one", EXCALIBUR_DATABASE_URL: "postgres://h/two" };
    expect(read({ env }).config.database).toEqual({ postgresUrl: "postgres://h/two" });
  });

  it("may be said in a file somewhere else, which may name the data folder beside it", async () => {
    const other = join(folder, "other.toml");
    await writeFile(other, 'data = "there"\nport = 7\n');
    const named = { ...read({ flags: {} }), ...readSettings({ flags: new Map(), env: { EXCALIBUR_CONFIG: other } }) };
    expect(named.config).toMatchObject({ dataFolder: join(folder, "there"), port: 7 });
    expect(read({ flags: { "--config": other } }).config).toMatchObject({ dataFolder: folder, port: 7 });
  });
});

describe("what cannot be", () => {
  it.each([
    ["port = 99999", "line 1", "port = 99999", "a whole number from 0 to 65535"],
    ['port = "80"', "line 1", 'port = "80"', "a whole number"],
    ['\n\nsign_up = "maybe"', "line 3", 'sign_up = "maybe"', "invitation, open or closed"],
    ["shutdown_time = 10", "line 1", "shutdown_time = 10", 'a time as "90s"'],
    ['shutdown_time = "2h"', "line 1", "2h", "from 0s to 10m"],
    ['default_quota = "much"', "line 1", "much", 'or "none"'],
    ["[rate_limits]\nsensitive_per_minute = 0", "line 2", "rate_limits.sensitive_per_minute = 0", "from 1 to"],
    ['public_url = ["ftp://x"]', "line 1", "ftp://x", "https://drive.example.org"],
    ['trusted_proxies = ["10.0.0.0/8", "0.0.0.0/0"]', "line 1", "trusted_proxies", "a network as 10.0.0.0/8"],
    ['trusted_proxies = "proxy.example.org"', "line 1", "trusted_proxies", "or loopback"],
    ['trusted_proxies = "::1/129"', "line 1", "trusted_proxies", "or loopback"],
    ["insecure_http = 1", "line 1", "insecure_http = 1", "true or false"],
    ["port = 1979-05-27", "line 1", "port", "a whole number"],
    ["rate_limits = 7", "line 1", "rate_limits", "rate_limits.general_per_minute"],
    ["[port]\nnumber = 7", "line 1", "port", "a whole number"],
  ])("%s names the place, the value and what is allowed", async (toml, ...parts) => {
    const problem = await problemOf(toml);
    for (const part of [file, ...parts]) expect(problem).toContain(part);
  });

  it.each([
    ["pubic_url = 1", "Did you mean public_url?"],
    ["Port = 1", "Did you mean port?"],
    ["shutdownTime = 1", "Did you mean shutdown_time?"],
    ["[rate_limit]\ngeneral_per_minute = 1", "Did you mean rate_limits?"],
    ["[rate_limits]\ngeneral = 1", "Did you mean rate_limits.general_per_minute?"],
    ["zzz = 1", "There are data, host"],
    ["[deeply.nested]\nthing = 1", "deeply in"],
    ['__proto__ = "x"', "__proto__ in"],
  ])("%s is refused, with what was probably meant", async (toml, part) => {
    expect(await problemOf(toml)).toContain(part);
  });

  it.each([
    ["port = = 7", "not valid TOML: line 1, column 8"],
    ["port = 1\nport = 2", "not valid TOML: line 2"],
    [new Uint8Array([0xff, 0xfe, 0x20]), "no UTF-8 text"],
    [new Uint8Array(1024 * 1024 + 1).fill(0x20), "larger than 1 MiB"],
    ['data = "elsewhere"', "cannot name another one"],
  ])("%s is no settings file", async (toml, part) => {
    expect(await problemOf(toml)).toContain(part);
  });

  it("names the variable or the flag", () => {
    expect(() => read({ env: { EXCALIBUR_PORT: "many" } })).toThrow(
      "EXCALIBUR_PORT=many in the environment is not allowed: port is",
    );
    expect(() => read({ flags: { "--port": "-1" } })).toThrow(
      "--port -1 is not allowed: port is a whole number from 0 to 65535",
    );
    expect(() => read({ env: { EXCALIBUR_INSECURE_HTTP: "perhaps" } })).toThrow("insecure_http is true or false");
  });

  it("never repeats what may hold a password", async () => {
    const secret = "mysql://root:hunter2@host/db";
    expect(await problemOf(`database_url = "${secret}"`)).toContain("postgres://");
    expect(await problemOf(`database_url = "${secret}"`)).not.toContain("hunter2");
    expect(await problemOf(`database_url = "${secret}`)).not.toContain("hunter2");
    expect(await problemOf('[metrics]\ntoken = "hunter2"')).toContain("at least 16 characters");
    expect(await problemOf('[metrics]\ntoken = "hunter2"')).not.toContain("hunter2");
    expect(() => read({ env: { DATABASE_URL: secret } })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
  });

  it("says what is wrong with a file that was named", async () => {
    const at = (path: string) => () => readSettings({ flags: new Map([["--config", path]]), env: {} });
    expect(at(join(folder, "none.toml"))).toThrow("there is no such file");
    await mkdir(join(folder, "a folder"));
    expect(at(join(folder, "a folder"))).toThrow("it is a folder");
    // Root may read everything: there is nothing to see for it.
    if (process.getuid?.() === 0) return;
    await writeFile(file, "");
    await chmod(file, 0);
    expect(at(file)).toThrow("this user may not read it");
  });
});
