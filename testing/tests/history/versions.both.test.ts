import { readFile } from "node:fs/promises";
import { asVersion, NotAFileError, NotFoundError, VersionGoneError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";

async function rewrite(device: Device, path: string, ...contents: readonly string[]): Promise<void> {
  for (const content of contents) await device.write(path, content, { onConflict: "replace" });
}

async function textOf(device: Device, path: string, id: Uint8Array): Promise<string> {
  const { downloads } = await device.drive;
  const pieces: Buffer[] = [];
  for await (const piece of downloads.read(asVersion(await device.find(path), id).entry.file!)) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces).toString();
}

describe("earlier versions of a file", () => {
  it("are listed newest first, read, and brought back without losing what they replace", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await rewrite(laptop, "/plan.txt", "first", "second", "third");
    const { files } = await phone.drive;
    await phone.catchUp();
    const item = await phone.find("/plan.txt");
    const versions = await files.versions(item);
    expect(versions.map(({ number, sizeBytes }) => [number, sizeBytes])).toEqual([
      [1, 6],
      [2, 5],
    ]);
    expect(await textOf(phone, "/plan.txt", versions[1]!.id)).toBe("first");
    const { userId } = await (await alice.phone.account).whoami();
    const authors = await files.versionAuthors(item, versions);
    expect(authors.map((author) => author && Buffer.from(author).toString("base64url"))).toEqual([userId, userId]);

    await files.restoreVersion(item, versions[1]!.id);
    await laptop.catchUp();
    expect(await laptop.readText("/plan.txt")).toBe("first");
    const after = await files.versions(await phone.find("/plan.txt"));
    const texts: string[] = [];
    for (const { id } of after) texts.push(await textOf(laptop, "/plan.txt", id));
    expect(texts).toEqual(["third", "second"]);
    for (const { replacedMs, keptUntilMs } of after) expect(keptUntilMs - replacedMs).toBe(30 * 86_400_000);
  });

  it("are deleted one by one, and what is gone or no file is refused without a change", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await rewrite(laptop, "/plan.txt", "first", "second", "third");
    const { files, volume } = await laptop.drive;
    const item = await laptop.find("/plan.txt");
    const [newest, oldest] = await files.versions(item);
    await files.deleteVersions(item, [oldest!.id]);
    const before = volume.head.sequence;
    await expect(files.restoreVersion(item, oldest!.id)).rejects.toThrow(VersionGoneError);
    await expect(files.deleteVersions(item, [newest!.id, oldest!.id])).rejects.toThrow(VersionGoneError);
    await laptop.makeFolder("/folder");
    await expect(files.restoreVersion(await laptop.find("/folder"), newest!.id)).rejects.toThrow(NotAFileError);
    await expect(files.versions({ ...item, childId: new Uint8Array(16) })).rejects.toThrow(NotFoundError);
    expect(volume.head.sequence).toBe(before + 1);
    expect((await files.versions(item)).map(({ id }) => id)).toEqual([newest!.id]);
    expect(await laptop.readText("/plan.txt")).toBe("third");
  });

  it("are at most ten, and are told times that follow the signed history even from a clock that went back", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await rewrite(laptop, "/log.txt", ...Array.from({ length: 13 }, (_, index) => `state ${index}`));
    const { files, volume } = await laptop.drive;
    const versions = await files.versions(await laptop.find("/log.txt"));
    expect(versions).toHaveLength(10);

    const { clock } = laptop.ports;
    const { nowMs } = clock;
    const wasMs = volume.headTimeMs;
    Object.assign(clock, { nowMs: () => nowMs() - 20_000 });
    await rewrite(laptop, "/log.txt", "from yesterday");
    const [newest] = await files.versions(await laptop.find("/log.txt"));
    expect(newest!.replacedMs).toBeGreaterThan(wasMs);
    expect(newest!.replacedMs).toBeLessThanOrEqual(volume.headTimeMs);
  });
});

describe("the command line", () => {
  it("lists, writes, fetches, restores and deletes versions by number or id", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await rewrite(laptop, "/plan.txt", "first", "second", "third");
    const cli = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await world.runCli(laptop.home, args);
      return { exitCode, stdout, stderr };
    };
    const listed = await cli("versions", "--json", "/plan.txt");
    const { path, versions } = JSON.parse(listed.stdout) as { path: string; versions: { id: string }[] };
    expect(versions).toMatchObject([{ replacedBy: "alice" }, { replacedBy: "alice" }]);
    expect({ path, length: versions.length }).toEqual({ path: "/plan.txt", length: 2 });
    expect(await cli("cat", "/plan.txt", "--version", "2")).toMatchObject({ exitCode: 0, stdout: "first" });
    expect(await cli("restore", "/plan.txt", "--version", versions[1]!.id)).toMatchObject({ exitCode: 0 });
    expect(await cli("cat", "/plan.txt")).toMatchObject({ stdout: "first" });
    expect(await cli("versions", "rm", "/plan.txt", "1")).toMatchObject({ exitCode: 0 });
    expect(await cli("cat", "/plan.txt", "--version", "2")).toMatchObject({ exitCode: 1 });
    const folder = await world.localFolder("fetched");
    expect(await cli("get", "/plan.txt", folder, "--version", "1")).toMatchObject({ exitCode: 0 });
    expect(await readFile(`${folder}/plan.txt`, "utf8")).toBe("second");
  });
});
