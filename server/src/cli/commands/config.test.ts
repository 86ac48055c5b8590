import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exampleFile } from "../../config/settings/index.ts";
import { runServerCli } from "../program.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  file = join(folder, "excalibur.toml");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const terminal = {
    isTerminal: true,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void complained.push(text),
  };
  const exitCode = await runServerCli([...args, "--data", folder], terminal);
  return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
}

interface Shown {
  readonly file: string;
  readonly settings: readonly { readonly key: string }[];
}

async function shown(...args: string[]) {
  const { said } = await run("config", "show", "--json", ...args);
  const { settings, ...rest } = JSON.parse(said) as Shown;
  return { ...rest, settings: Object.fromEntries(settings.map((row) => [row.key, row])) };
}

describe("config show", () => {
  it("says for every setting what holds and who said so", async () => {
    await writeFile(file, 'default_quota = "20G"\n[rate_limits]\nsensitive_per_minute = 7\n');
    vi.stubEnv("EXCALIBUR_SIGN_UP", "closed");
    const text = (await run("config", "show", "--port", "80", "--no-insecure-http")).said;
    expect(text).toMatch(/^SETTING +VALUE +FROM$/m);
    expect(text).toMatch(/^port +80 +flag --port$/m);
    expect(text).toMatch(/^insecure_http +false +flag --insecure-http$/m);
    expect(text).toMatch(/^sign_up +"closed" +environment EXCALIBUR_SIGN_UP$/m);
    expect(text).toMatch(new RegExp(`^default_quota +"20G" +file ${file}, line 1$`, "m"));
    expect(text).toMatch(/^host +"127.0.0.1" +default$/m);
    expect(text).toContain(`Settings file: ${file}`);
    expect(await shown()).toMatchObject({
      file,
      fileExists: true,
      settings: {
        default_quota: { value: 20 * 1024 ** 3, unit: "bytes", source: "file", place: `${file}, line 1` },
        shutdown_time: { value: 10_000, unit: "ms", source: "default", place: null },
        "rate_limits.sensitive_per_minute": { value: 7, source: "file" },
        sign_up: { value: "closed", source: "environment", place: "EXCALIBUR_SIGN_UP" },
      },
    });
  });

  it("hides the password of a database", async () => {
    const url = "postgres://excalibur:hunter2@db.example/drive?sslpassword=hunter2";
    await writeFile(file, `database_url = "${url}"\n`);
    const text = (await run("config", "show")).said;
    const { settings } = await shown();
    expect(text + JSON.stringify(settings)).not.toContain("hunter2");
    expect(settings["database_url"]).toMatchObject({
      value: expect.stringContaining("postgres://excalibur:***@db.example/drive"),
    });
  });

  it("and every other command refuse a file with a mistake, with exit code 2", async () => {
    await writeFile(file, "prot = 7\n");
    for (const command of [["config", "show"], ["start"], ["user", "list"], ["init"]]) {
      const { exitCode, complained } = await run(...command);
      expect([exitCode, complained]).toEqual([
        2,
        expect.stringContaining(`prot in ${file}, line 1 is not a setting. Did you mean port?`),
      ]);
    }
  });
});

it("init leaves an example that only its owner reads, and never touches one that is there", async () => {
  await run("init");
  expect(await readFile(file, "utf8")).toBe(exampleFile());
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await run("config", "show")).exitCode).toBe(0);
  await writeFile(file, "port = 7\n");
  await run("init");
  expect(await readFile(file, "utf8")).toBe("port = 7\n");
});

it("config example prints that file", async () => {
  const said: string[] = [];
  const terminal = { isTerminal: false, say: (text: string) => void said.push(text), complain: () => undefined };
  expect(await runServerCli(["config", "example"], terminal)).toBe(0);
  expect(`${said.join("\n")}\n`).toBe(exampleFile());
});
