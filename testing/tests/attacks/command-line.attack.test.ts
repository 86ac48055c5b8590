import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readZip } from "@excalibur/sdk/testing";
import { describe, expect, it } from "vitest";
import { archive, type Device, readTree, sampleBytes, World } from "../../src/index.ts";

/** Ways out of a folder, devices, controls of a terminal, and names that are one name somewhere. */
const HOSTILE_NAMES = [
  ...["../up.txt", "../../up.txt", "..", ".", "/etc/excalibur-test", "a/b/c.txt", "..\\up.txt"],
  ...[
    "C:\\up.txt",
    "con",
    "nul.txt",
    "ends with dot.",
    "ends with space ",
    "line\nbreak",
    "zero\u0000byte",
    "\u001b[31mred",
  ],
  ...[
    "gpj.\u202eexe.txt",
    "CASE.txt",
    "case.txt",
    "é.txt".normalize("NFD"),
    "é.txt".normalize("NFC"),
    "x".repeat(400),
    "-rf",
  ],
];

/** Lists a file under names that no honest program would give it: what a member with a program of their own can do. */
async function listUnder(device: Device, path: string, names: readonly string[]): Promise<void> {
  const { volume } = await device.drive;
  const { entry, parentId } = await device.find(path);
  const { childId: _, ...rest } = entry;
  await volume.change((editor) =>
    editor.addEntries(
      parentId,
      names.map((name) => ({ ...rest, name })),
    ),
  );
}

describe("names that a hostile member writes", () => {
  it("D10 never lead out of the folder that somebody gets them into", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/shared/honest.txt", "payload");
    const outside = await world.localFolder("outside");
    const target = join(outside, "target");
    await mkdir(target);
    const absolute = join(outside, "absolute.txt");
    const names = [...HOSTILE_NAMES, absolute];
    await listUnder(alice.laptop, "/shared/honest.txt", names);
    const before = await readTree(outside);

    const { exitCode, stderr } = await world.runCli(alice.phone.home, ["get", "-r", "/shared", target]);
    const written = await readdir(join(target, "shared"), { recursive: true });
    expect(written).toContain("honest.txt");
    expect(exitCode, stderr).toBe(0);
    expect(written).toHaveLength(names.length + 1);
    for (const name of written) {
      expect((await lstat(join(target, "shared", name))).isFile(), name).toBe(true);
      expect(await readFile(join(target, "shared", name), "utf8")).toBe("payload");
    }
    const after = await readTree(outside);
    expect([...after.keys()].filter((path) => !before.has(path) && !path.startsWith("target/shared"))).toEqual([]);
    // A terminal is not told to do anything by a name.
    expect(stderr).not.toMatch(/\u001b\[31m|\u202e|\u0000/);
    const listed = await world.runCli(alice.phone.home, ["ls", "/shared"]);
    expect(listed.stdout).not.toMatch(/\u001b\[31m|\u202e|\u0000/);
  }, 60_000);

  it("D10 are plain names, all different, in an archive that anybody unpacks anywhere", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/shared/honest.txt", "payload");
    await listUnder(alice.laptop, "/shared/honest.txt", HOSTILE_NAMES);
    const { bytes, error } = await archive(alice.phone, { paths: ["/shared"] });
    expect(error).toBeUndefined();
    const paths = readZip(bytes).map(({ path }) => path);
    expect(new Set(paths.map((path) => path.normalize("NFKC").toLowerCase())).size).toBe(HOSTILE_NAMES.length + 2);
    for (const path of paths.filter((each) => each !== "shared/")) {
      expect(path).toMatch(/^shared\/[^/\\:*?"<>|\p{Cc}\u202e]*[^/\\:*?"<>|\p{Cc}\u202e. ]$/u);
      expect(path).not.toMatch(/^shared\/(con|nul)(\.|$)/i);
    }
  });

  it("D10 never write through a link that lies where a folder should be made", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/shared/inner/file.txt", "payload");
    await alice.laptop.write("/shared/plain.txt", "payload");
    const outside = await world.localFolder("outside");
    const target = await world.localFolder("target");
    await mkdir(join(target, "shared"));
    await symlink(outside, join(target, "shared", "inner"));
    await writeFile(join(outside, "victim.txt"), "mine");
    await symlink(join(outside, "victim.txt"), join(target, "shared", "plain.txt"));

    const { exitCode } = await world.runCli(alice.phone.home, ["get", "-r", "--replace", "/shared", target]);
    expect(await readdir(outside)).toEqual(["victim.txt"]);
    expect(await readFile(join(outside, "victim.txt"), "utf8")).toBe("mine");
    expect(exitCode).toBe(1);
  }, 60_000);
});

describe("a server that was set back or changed a file", () => {
  it("C5, D6 makes the command line end with 3, whatever it was asked to do", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/good.txt", "good");
    await alice.laptop.write("/large.bin", sampleBytes(3_000_000, 1));
    const backup = await world.backUp();

    const [large] = (await world.serverFiles()).filter(({ bytes }) => bytes.length > 2_900_000);
    large!.bytes[1_000_000] = large!.bytes[1_000_000]! ^ 1;
    await writeFile(large!.path, large!.bytes);
    const target = await world.localFolder("target");
    const got = await world.runCli(alice.phone.home, ["get", "/large.bin", "/good.txt", target]);
    expect(got.exitCode, got.stderr).toBe(3);
    expect(await readdir(target)).toEqual(["good.txt"]);
    const verified = await world.runCli(alice.phone.home, ["verify", "--json"]);
    expect(verified.exitCode).toBe(3);
    expect(verified.stdout + verified.stderr).toContain("large.bin");

    await world.runCli(alice.phone.home, ["mkdir", "/newer"]);
    await world.restore(backup);
    const listed = await world.runCli(alice.phone.home, ["ls", "--json"]);
    expect(listed.exitCode).toBe(3);
    expect(JSON.parse(listed.stderr)).toMatchObject({ error: { code: "rollback" } });
    expect((await world.runCli(alice.phone.home, ["mkdir", "/another"])).exitCode).toBe(3);
    // Somebody who had seen nothing newer works on.
    expect((await world.runCli(alice.laptop.home, ["cat", "/large.bin", "--range", "0-9"])).exitCode).toBe(0);
  }, 60_000);
});
