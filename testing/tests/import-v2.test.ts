import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sealV2 } from "../src/reference/object/exef-v2.ts";
import { runCli } from "../src/world/run-cli.ts";

const KEY = Buffer.from("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "hex");
const NONCE = Buffer.alloc(12, 7);
const BIG = Buffer.alloc(5_000_000, "the earlier Excalibur");
const TIME = new Date(1_600_000_000_000);

let place: string;
const at = (...names: string[]): string => path.join(place, ...names);
const old = (data: string | Uint8Array, key: Uint8Array = KEY): Uint8Array => sealV2(key, NONCE, Buffer.from(data));

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), "excalibur-import-"));
  await writeFile(at("key"), KEY);
});

afterEach(() => rm(place, { recursive: true, force: true }));

async function run(args: readonly string[], stdin?: string) {
  const done = await runCli(at("home"), ["import-v2", ...args, "--json"], stdin === undefined ? {} : { stdin });
  const document = done.stdout === "" ? {} : (JSON.parse(done.stdout) as Record<string, unknown>);
  return { ...done, ...document };
}

describe("files of the earlier Excalibur", () => {
  it("come out of a whole vault, with their folders, names and times", async () => {
    await mkdir(at("vault", "photos", "empty"), { recursive: true });
    await writeFile(at("vault", "notes.txt.exef"), old("notes"));
    await writeFile(at("vault", "photos", "семья.jpg.exef"), old(BIG));
    await writeFile(at("vault", "photos", "nothing.exef"), old(""));
    await utimes(at("vault", "notes.txt.exef"), TIME, TIME);
    await symlink(at("key"), at("vault", "link.exef"));
    const done = await run(["-r", "--key-file", at("key"), "-o", at("out"), at("vault")]);
    expect(done).toMatchObject({
      exitCode: 0,
      imported: 3,
      bytes: BIG.length + 5,
      failed: 0,
      ignored: [{ path: at("vault", "link.exef") }],
    });
    expect(await readFile(at("out", "vault", "notes.txt"), "utf8")).toBe("notes");
    expect(Math.floor((await stat(at("out", "vault", "notes.txt"))).mtimeMs)).toBe(TIME.getTime());
    expect(BIG.equals(await readFile(at("out", "vault", "photos", "семья.jpg")))).toBe(true);
    expect((await readdir(at("out", "vault", "photos"))).sort()).toEqual(["empty", "nothing", "семья.jpg"]);
  });

  it("are opened with keys of every length, written every way, and a vault key's own file gives a key file", async () => {
    for (const length of [16, 24, 32]) {
      const key = KEY.subarray(0, length);
      await writeFile(at(`${length}.exef`), old("x", key));
      const hex = `${key.toString("hex").toUpperCase()}\r\n`;
      await writeFile(at("hex"), hex);
      expect(await run(["--key-file", at("hex"), "-o", at("a"), at(`${length}.exef`)])).toMatchObject({ exitCode: 0 });
      expect(await run(["--key-stdin", "-o", at("b"), at(`${length}.exef`)], hex)).toMatchObject({ exitCode: 0 });
    }
    await writeFile(at("vault-key.exef"), old(KEY.subarray(0, 24)));
    expect(await run(["--key-file", at("key"), "-o", at("."), at("vault-key.exef")])).toMatchObject({ exitCode: 0 });
    const args = ["--key-file", at("vault-key"), "-o", at("c"), at("24.exef")];
    expect(await run(args)).toMatchObject({ exitCode: 0, imported: 1 });
  });

  it("that were altered leave nothing behind, and do not stop the others", async () => {
    const good = old(BIG);
    const flipped = (position: number): Uint8Array =>
      good.map((byte, i) => (i === (position + good.length) % good.length ? byte ^ 1 : byte));
    const wrong: Record<string, Uint8Array> = {
      "tag.exef": flipped(-1),
      "body.exef": flipped(3_000_000),
      "nonce.exef": flipped(10),
      "cut.exef": good.subarray(0, -1),
      "long.exef": Buffer.concat([good, Buffer.of(0)]),
      "other key.exef": old(BIG, Buffer.alloc(32, 1)),
    };
    for (const [name, bytes] of Object.entries(wrong)) await writeFile(at(name), bytes);
    await writeFile(at("good.exef"), good);
    const paths = [...Object.keys(wrong), "good.exef"].map((name) => at(name));
    const done = await run(["--key-file", at("key"), "-o", at("out"), ...paths]);
    const failures = Object.keys(wrong).map((name) => ({
      path: at(name),
      code: "legacy_altered",
      message: expect.any(String) as string,
    }));
    expect(done).toMatchObject({ exitCode: 3, imported: 1, failed: 6, failures });
    expect(await readdir(at("out"))).toEqual(["good"]);
    // The old files are as they were.
    expect(Buffer.from(await readFile(at("tag.exef"))).equals(wrong["tag.exef"] as Uint8Array)).toBe(true);
  });

  it("are told from other files and other keys, and never written over what is there", async () => {
    await writeFile(at("photo.jpg"), "no such file");
    await writeFile(at("a.exef"), old("new"));
    const import_ = ["--key-file", at("key"), "-o", at("out")];
    const codes = async (...args: string[]) => {
      const { exitCode, failures } = (await run(args)) as { exitCode: number | null; failures?: { code: string }[] };
      return [exitCode, failures?.map(({ code }) => code)];
    };
    expect(await codes(...import_, at("photo.jpg"))).toEqual([1, ["legacy_magic"]]);
    await writeFile(at("short key"), KEY.subarray(0, 16));
    expect(await codes("--key-file", at("short key"), "-o", at("out"), at("a.exef"))).toEqual([
      1,
      ["legacy_key_length"],
    ]);
    await mkdir(at("out"), { recursive: true });
    await writeFile(at("out", "a"), "old");
    expect(await codes(...import_, at("a.exef"))).toEqual([1, ["local_exists"]]);
    expect(await readFile(at("out", "a"), "utf8")).toBe("old");
    expect(await codes(...import_, "--force", at("a.exef"))).toEqual([0, []]);
    expect(await readFile(at("out", "a"), "utf8")).toBe("new");
    expect(await codes(...import_, at("out"))).toEqual([1, ["is_folder"]]);
    expect(await codes(...import_, at("nothing"))).toEqual([1, ["local_missing"]]);
  });

  it("need a key that can be one", async () => {
    await writeFile(at("a.exef"), old("a"));
    await writeFile(at("bad"), "not a key");
    for (const args of [[], ["--key-file", at("bad")], ["--key-file", at("key"), "--key-stdin"]]) {
      expect((await run([...args, "-o", at("out"), at("a.exef")], "zz\n")).exitCode).toBe(2);
    }
    const wrong = await run(["--key-stdin", "-o", at("out"), at("a.exef")], "00ff\n");
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).not.toContain("00ff");
  });
});
