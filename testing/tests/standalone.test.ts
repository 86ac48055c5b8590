import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { amount, spread } from "../../scripts/test/long-mode.ts";
import { openStandalone } from "../src/reference/object/standalone.ts";
import { parseSecretText } from "../src/reference/people/recipient-key.ts";
import { type CliOptions, runCli, runCliProgram } from "../src/world/run-cli.ts";

const TIMEOUT_MS = 120_000;
const PASSWORD = "letters for a friend";
const BIG = Buffer.alloc(5_000_000, "Excalibur");

let folder: string;
let place: string;
const at = (name: string): string => path.join(place, name);
const run = (args: readonly string[], options?: CliOptions) => runCli(path.join(folder, "home"), args, options);
const runProgram = (args: readonly string[], options?: CliOptions) =>
  runCliProgram(path.join(folder, "home"), args, options);
const key = (name: string): string => path.join(folder, name);

async function secretIn(file: string): Promise<Uint8Array> {
  const lines = (await readFile(file, "utf8")).split("\n");
  return parseSecretText(lines.find((line) => line.startsWith("excalibur-recipient-secret")) as string);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "excalibur-standalone-"));
  for (const name of ["alice", "bob"]) {
    const { exitCode, stdout } = await run(["key", "create", key(`${name}.key`), "--quiet"]);
    expect(exitCode).toBe(0);
    await writeFile(key(`${name}.pub`), stdout);
  }
}, TIMEOUT_MS);

beforeEach(async () => {
  place = await mkdtemp(path.join(folder, "test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("recipient keys", () => {
  it("are kept in a file that only their owner reads, and never written over another", async () => {
    const before = await readFile(key("alice.key"), "utf8");
    expect((await stat(key("alice.key"))).mode & 0o777).toBe(0o600);
    const again = await run(["key", "create", key("alice.key"), "--json"]);
    expect({ ...again, ...(JSON.parse(again.stderr) as object) }).toMatchObject({
      exitCode: 1,
      error: { code: "local_exists" },
    });
    expect(await readFile(key("alice.key"), "utf8")).toBe(before);
  });

  it("are shown without their secret, from either half", async () => {
    const [whole, open] = [
      await run(["key", "show", key("bob.key"), "--json"]),
      await run(["key", "show", key("bob.pub")]),
    ];
    const { recipient, fingerprint } = JSON.parse(whole.stdout) as { recipient: string; fingerprint: string };
    expect(open.stdout.trim()).toBe(recipient);
    expect(open.stderr).toContain(fingerprint);
    expect(fingerprint).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(whole.stdout + whole.stderr).not.toContain("secret");
  });
});

describe("a sealed file", () => {
  it(
    "is opened by each of its recipients and by its password, byte for byte",
    async () => {
      await writeFile(at("film.mp4"), BIG);
      const to = ["--to", key("alice.pub"), "--to", (await readFile(key("bob.pub"), "utf8")).trim()];
      const sealing = ["seal", ...to, "--password-stdin", "--json", at("film.mp4")];
      const sealed = await run(sealing, { stdin: `${PASSWORD}\n` });
      expect(sealed).toMatchObject({ exitCode: 0, stderr: "" });
      const { size } = await stat(at("film.mp4.exr"));
      expect(JSON.parse(sealed.stdout)).toEqual({
        file: at("film.mp4.exr"),
        recipients: 2,
        passwords: 1,
        bytes: BIG.length,
        sealedBytes: size,
      });
      // Who wrote neither the sealing nor the opening side agrees.
      const bytes = new Uint8Array(await readFile(at("film.mp4.exr")));
      const seed = await secretIn(key("bob.key"));
      expect(BIG.equals(openStandalone(bytes, { seeds: [seed], passwords: [] }))).toBe(true);

      await writeFile(at("password.txt"), `${PASSWORD}\nnot this line\n`);
      const ways = [
        ["--identity", key("alice.key")],
        ["-i", key("bob.key")],
        ["--password-file", at("password.txt")],
      ];
      for (const [index, way] of ways.entries()) {
        const opened = await run(["open", ...way, "-o", at(`${index}.mp4`), at("film.mp4.exr")]);
        expect(opened).toMatchObject({ exitCode: 0 });
        expect(BIG.equals(await readFile(at(`${index}.mp4`)))).toBe(true);
      }
    },
    TIMEOUT_MS,
  );

  it(
    "goes through pipes on both sides",
    async () => {
      for (const data of [Buffer.from("short"), BIG]) {
        const sealed = await runProgram(["seal", "--to", key("bob.pub"), "-"], { stdin: data });
        expect(sealed).toMatchObject({ exitCode: 0, stderr: "" });
        const opened = await runProgram(["open", "-i", key("bob.key"), "-"], { stdin: sealed.stdoutBytes });
        expect(opened).toMatchObject({ exitCode: 0, stderr: "" });
        expect(data.equals(opened.stdoutBytes)).toBe(true);
        const kept = await run(["seal", "--to", key("bob.pub"), "-o", at("kept.exr"), "--force", "-"], { stdin: data });
        expect(kept.exitCode).toBe(0);
        const again = await run(["open", "-i", key("bob.key"), "-o", "-", at("kept.exr")]);
        expect(data.equals(again.stdoutBytes)).toBe(true);
      }
      expect(await readdir(place)).toEqual(["kept.exr"]);
    },
    TIMEOUT_MS,
  );

  it("leaves what is there as it is, unless it is told to overwrite it", async () => {
    await writeFile(at("a.txt"), "new");
    await writeFile(at("a.txt.exr"), "old");
    const seal = ["seal", "--to", key("bob.pub"), at("a.txt")];
    expect(await run(seal)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--force") as unknown });
    expect(await readFile(at("a.txt.exr"), "utf8")).toBe("old");
    expect((await run([...seal, "--force"])).exitCode).toBe(0);
    const open = ["open", "-i", key("bob.key"), at("a.txt.exr")];
    await writeFile(at("a.txt"), "kept");
    expect((await run(open)).exitCode).toBe(1);
    expect(await readFile(at("a.txt"), "utf8")).toBe("kept");
    expect((await run([...open, "--force"])).exitCode).toBe(0);
    expect(await readFile(at("a.txt"), "utf8")).toBe("new");
    expect((await readdir(place)).sort()).toEqual(["a.txt", "a.txt.exr"]);
  });

  it(
    "that was altered gives exit code 3 and no file, wherever it was",
    async () => {
      await writeFile(at("data"), BIG.subarray(0, 1_000_000));
      expect((await run(["seal", "--to", key("bob.pub"), at("data")])).exitCode).toBe(0);
      const good = await readFile(at("data.exr"));
      await rm(at("data"));
      const flip = (position: number): Buffer => {
        const bytes = Buffer.from(good);
        bytes[position] = (bytes[position] as number) ^ 1;
        return bytes;
      };
      const list = 5 + 1169;
      const altered = {
        "the mac": flip(list + 3),
        "the object's header": flip(list + 32 + 50),
        "the first segment": flip(list + 32 + 1000),
        "the last segment": flip(good.length - 1),
        "cut by a byte": good.subarray(0, -1),
        "cut by a segment": good.subarray(0, -262_144),
        "a byte too many": Buffer.concat([good, Buffer.from([0])]),
      };
      // The format's own tests flip every bit: of the program they are a few, in long mode all.
      const some = spread(Object.entries(altered), amount({ everyday: 3, long: 7 }));
      for (const [what, bytes] of some) {
        await writeFile(at("data.exr"), bytes);
        const opened = await run(["open", "-i", key("bob.key"), "--json", at("data.exr")]);
        expect([what, opened.exitCode, opened.stdout]).toEqual([what, 3, ""]);
        expect(await readdir(place)).toEqual(["data.exr"]);
        // What had to be written before the end was reached is right as far as it goes.
        const piped = await run(["open", "-i", key("bob.key"), "-"], { stdin: bytes });
        expect([what, piped.exitCode]).toEqual([what, 3]);
        expect(piped.stderr).toContain("the file is not what was once written");
        expect(piped.stderr).not.toContain("server");
        expect(BIG.subarray(0, piped.stdoutBytes.length).equals(piped.stdoutBytes)).toBe(true);
      }
    },
    TIMEOUT_MS,
  );

  it(
    "stays closed for others, with a sentence that says why",
    async () => {
      await writeFile(at("a"), "a");
      await writeFile(at("photo.jpg"), "not sealed");
      const seal = ["seal", "--to", key("bob.pub"), "--password-stdin", at("a")];
      expect((await run(seal, { stdin: "too short\n" })).exitCode).toBe(1);
      expect(await readdir(place)).toEqual(["a", "photo.jpg"]);
      expect((await run(seal, { stdin: `${PASSWORD}\n` })).exitCode).toBe(0);
      const attempts: [string[], string, number, string][] = [
        [["-i", key("alice.key")], at("a.exr"), 1, "standalone_no_key"],
        [["--password-stdin"], at("a.exr"), 1, "standalone_no_key"],
        [["-i", key("bob.key")], at("photo.jpg"), 1, "standalone_magic"],
        [["-i", key("bob.pub")], at("a.exr"), 2, "usage"],
        [["-i", at("a")], at("a.exr"), 2, "usage"],
        [[], at("a.exr"), 2, "usage"],
        [["-i", at("nothing")], at("a.exr"), 1, "local_missing"],
        [["-i", key("bob.key")], at("nothing"), 1, "local_missing"],
        [["--password-stdin"], "-", 2, "usage"],
      ];
      for (const [keys, file, exitCode, code] of spread(attempts, amount({ everyday: 5, long: 9 }))) {
        const options = { stdin: "not the password\n" };
        const opened = await run(["open", ...keys, "-o", at("out"), "--json", file], options);
        expect([exitCode, { error: { code, message: expect.any(String) as string } }]).toEqual([
          opened.exitCode,
          JSON.parse(opened.stderr),
        ]);
        expect(opened.stderr).not.toContain("not the password");
      }
      expect(await readdir(place)).not.toContain("out");
      expect((await run(["seal", at("a")])).exitCode).toBe(2);
      expect((await run(["seal", "--to", "excalibur-recipient-1.AAAA", at("a")])).exitCode).toBe(2);
    },
    TIMEOUT_MS,
  );

  it("is not begun when it is for too many", async () => {
    await writeFile(at("a"), "a");
    const many = Array.from({ length: 17 }, () => ["--to", key("bob.pub")]).flat();
    expect(await run(["seal", ...many, "--json", at("a")])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"code":"standalone_entries"') as unknown,
    });
    expect(await readdir(place)).toEqual(["a"]);
  });

  it(
    "leaves nothing behind when it is stopped while somebody pipes slowly",
    async () => {
      const client = path.resolve(import.meta.dirname, "../../cli/bin/excalibur.cjs");
      const child = spawn(process.execPath, [client, "seal", "--to", key("bob.pub"), "-o", at("out"), "-"], {
        stdio: ["pipe", "ignore", "ignore"],
      });
      const closed = once(child, "close");
      child.stdin.on("error", () => undefined);
      child.stdin.write(BIG);
      while (!(await readdir(place)).some((name) => name.endsWith(".part"))) await new Promise(setImmediate);
      child.kill("SIGINT");
      expect(await closed).toEqual([130, null]);
      expect(await readdir(place)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
