import { toBase64Url } from "@excalibur/core/bytes";
import { asVersion, type Item, type Question, saveVisited } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share, stop, unshare } from "./acts.ts";

const PICTURE = Uint8Array.from([0xff, 0xd8, 0xff, ...sampleBytes(500, 3)]);

/** What a list says of something. */
async function facts(device: Device, path: string) {
  const { type, name, modifiedMs, entry } = await device.find(path);
  return { type, name, modifiedMs, size: entry.file?.sizeBytes, isShared: entry.mount !== undefined };
}

async function versions(device: Device, path: string): Promise<string[]> {
  const { files, downloads } = await device.drive;
  const item = await device.find(path);
  const texts: string[] = [];
  for (const { id } of await files.versions(item)) {
    let text = "";
    for await (const piece of downloads.read(asVersion(item, id).entry.file!)) text += Buffer.from(piece);
    texts.push(text);
  }
  return texts;
}

async function searched(device: Device, question: Partial<Question>) {
  const { search } = await device.drive;
  const { items } = await search.find({ order: { by: "name", isDescending: false }, limit: 10, ...question });
  return items.map(({ name, type, isMount, sizeBytes, modifiedMs, path }) => ({
    ...{ name, type, isMount, sizeBytes, modifiedMs },
    path: path.map((step) => step.name),
  }));
}

/** The folder that a volume of one file is, for somebody who goes past the programs' ways. */
async function inside(device: Device, path: string) {
  const { volumes } = await device.drive;
  return await volumes.volume((await device.find(path)).entry.mount!.volumeId);
}

describe("a file that is shared", () => {
  it("is a file to everybody: it is listed, read, replaced, renamed, copied, and has its versions", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/papers/report.txt", "first");
    await alice.laptop.write("/papers/report.txt", "second", { onConflict: "replace", thumbnail: PICTURE });
    const before = await facts(alice.laptop, "/papers/report.txt");

    await share(alice.laptop, "/papers/report.txt", bob);
    expect(await facts(alice.laptop, "/papers/report.txt")).toEqual({ ...before, isShared: true });
    const seen = await (await bob.laptop.drive).sharing.invitations();
    expect(seen).toEqual([expect.objectContaining({ label: "report.txt", isFile: true, role: "editor" })]);
    await accept(bob.laptop, { name: "from alice.txt" });
    expect(await facts(bob.laptop, "/from alice.txt")).toEqual({ ...before, name: "from alice.txt", isShared: true });
    const { files, sharing } = await bob.laptop.drive;
    const listed = (await files.list(files.rootId)).items;
    expect(listed.map(({ name, type, entry }) => [name, type, entry.file?.thumbnail !== undefined])).toEqual([
      ["from alice.txt", "file", true],
    ]);
    // Whoever remembers what was listed finds it again by its entry.
    expect((await files.list(files.rootId)).items[0]!.entry).toBe(listed[0]!.entry);
    const walked: string[] = [];
    for await (const each of files.walk(files.rootId)) walked.push("item" in each ? each.path : String(each.cause));
    expect(walked).toEqual(["from alice.txt"]);
    // Earlier versions stayed behind.
    expect(await versions(bob.laptop, "/from alice.txt")).toEqual([]);
    expect(await bob.laptop.readText("/from alice.txt")).toBe("second");

    await bob.laptop.write("/from alice.txt", "third, of bob", { onConflict: "replace" });
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/papers/report.txt")).toBe("third, of bob");
    expect(await versions(alice.laptop, "/papers/report.txt")).toEqual(["second"]);
    const own = await alice.laptop.drive;
    const item = await alice.laptop.find("/papers/report.txt");
    const earlier = await own.files.versions(item);
    const { id } = earlier[0]!;
    const { userId } = (await own.sharing.members(item)).find(({ name }) => name === "bob")!;
    expect(await own.files.versionAuthors(item, earlier)).toEqual([userId]);
    expect((await own.sharing.origin(item))?.changed?.by?.name).toBe("bob");
    expect((await own.sharing.activity(item)).map(({ by }) => by?.name)).toContain("bob");
    await own.files.restoreVersion(item, id);
    await bob.laptop.catchUp();
    expect(await bob.laptop.readText("/from alice.txt")).toBe("second");
    await files.deleteVersions(await bob.laptop.find("/from alice.txt"), [
      (await files.versions(await bob.laptop.find("/from alice.txt")))[0]!.id,
    ]);
    expect(await versions(bob.laptop, "/from alice.txt")).toEqual([]);

    // Its place is everybody's own.
    await bob.laptop.rename("/from alice.txt", "renamed.txt");
    await bob.laptop.makeFolder("/mine");
    await bob.laptop.move("/renamed.txt", { folder: "/mine" });
    expect(await bob.laptop.readText("/mine/renamed.txt")).toBe("second");
    // A search finds it where it is, by what it is called there, once, and with what is inside.
    const found = await searched(bob.laptop, { text: "RENAMED" });
    expect(found).toEqual([
      { name: "renamed.txt", type: "file", isMount: true, sizeBytes: 6, modifiedMs: before.modifiedMs, path: ["mine"] },
    ]);
    expect(await searched(bob.laptop, { text: "report" })).toEqual([]);
    const ids = new Set([toBase64Url((await bob.laptop.find("/mine/renamed.txt")).childId)]);
    expect(await searched(bob.laptop, { ids, minBytes: 6, accepts: (type) => type === "file" })).toEqual(found);
    expect(await searched(bob.laptop, { text: "renamed", maxBytes: 5 })).toEqual([]);
    await bob.laptop.copy("/mine/renamed.txt", { folder: "/" });
    expect(await facts(bob.laptop, "/renamed.txt")).toEqual({ ...before, name: "renamed.txt" });
    await expect(bob.laptop.trash("/mine/renamed.txt")).rejects.toEqual(refusedAs("shared_folder"));
    expect(await alice.laptop.names("/papers")).toEqual(["report.txt"]);
    expect((await sharing.folders()).map((each) => [each.item.type, each.item.name, each.view?.role])).toEqual([
      ["file", "renamed.txt", "editor"],
    ]);
  }, 120_000);

  it("comes with its versions when asked, is read only to viewers, and changes hands, roles and keys as a folder does", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/plan.txt", "first");
    await alice.laptop.write("/plan.txt", "second", { onConflict: "replace" });
    const { sharing } = await alice.laptop.drive;
    const plan = () => alice.laptop.find("/plan.txt");
    await sharing.share(await plan(), { person: "bob", role: "viewer", withVersions: true });
    await accept(bob.laptop);
    expect(await versions(bob.laptop, "/plan.txt")).toEqual(["first"]);
    await expect(bob.laptop.write("/plan.txt", "mine", { onConflict: "replace" })).rejects.toEqual(
      refusedAs("read_only"),
    );
    expect(await bob.laptop.readText("/plan.txt")).toBe("second");

    await sharing.share(await plan(), { person: "bob", role: "editor" });
    await sharing.share(await plan(), { person: "carol", role: "manager" });
    await bob.laptop.catchUp();
    await bob.laptop.write("/plan.txt", "mine", { onConflict: "replace" });
    await accept(carol.laptop);
    expect(await carol.laptop.readText("/plan.txt")).toBe("mine");
    await sharing.handOver(await plan(), "carol");
    await carol.laptop.catchUp();
    expect(
      (await (await carol.laptop.drive).sharing.members(await carol.laptop.find("/plan.txt")))
        .map(({ name, role }) => [name, role])
        .sort(),
    ).toEqual([
      ...[
        ["alice", "manager"],
        ["bob", "editor"],
        ["carol", "owner"],
      ],
    ]);
    await unshare(carol.laptop, "/plan.txt", bob);
    expect(await (await carol.laptop.drive).sharing.reencrypt(await carol.laptop.find("/plan.txt"))).toMatchObject({
      unreadable: 0,
    });
    await bob.laptop.catchUp();
    // It is still a file where it is mounted, and says why it cannot be opened.
    expect(await bob.laptop.find("/plan.txt")).toMatchObject({ type: "file", problem: { code: "volume_missing" } });
    await alice.laptop.catchUp();
    await (await alice.laptop.drive).sharing.leave(await plan());
    expect(await alice.laptop.names()).toEqual([]);
    expect(await carol.laptop.readText("/plan.txt")).toBe("mine");
  }, 120_000);

  it("is the file again when its sharing ends, with its versions as they are then", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/deep/report.txt", "first");
    await share(alice.laptop, "/deep/report.txt", bob);
    await accept(bob.laptop);
    await bob.laptop.write("/report.txt", "second", { onConflict: "replace" });
    await alice.laptop.rename("/deep/report.txt", "final.txt");
    await alice.laptop.catchUp();
    const during = await facts(alice.laptop, "/deep/final.txt");
    const sharedMs = (await alice.laptop.drive).volume.headTimeMs;
    const bobs = (await alice.laptop.find("/deep/final.txt")).entry;
    await stop(alice.laptop, "/deep/final.txt");
    expect(await facts(alice.laptop, "/deep/final.txt")).toEqual({ ...during, isShared: false });
    expect((await alice.laptop.find("/deep/final.txt")).entry.file).toEqual(bobs.file);
    expect(await versions(alice.laptop, "/deep/final.txt")).toEqual(["first"]);
    expect(await alice.laptop.readText("/deep/final.txt")).toBe("second");
    expect(await (await alice.phone).readText("/deep/final.txt")).toBe("second");
    expect((await alice.laptop.drive).volumes.opened).toHaveLength(1);
    await bob.laptop.catchUp();
    expect(await bob.laptop.find("/report.txt")).toMatchObject({ problem: { code: "volume_missing" } });
    // A rewind to when it was shared leaves the file as it is now.
    const { files } = await alice.laptop.drive;
    await alice.laptop.write("/deep/later.txt", "later");
    const { childId } = await alice.laptop.find("/deep");
    await files.rewind(await files.previewRewind({ folderId: childId, timeMs: sharedMs }));
    expect(await alice.laptop.names("/deep")).toEqual(["final.txt"]);
    expect(await alice.laptop.readText("/deep/final.txt")).toBe("second");
    // And it can be shared again.
    await share(alice.laptop, "/deep/final.txt", bob);
    await accept(bob.phone, { name: "again.txt" });
    expect(await bob.phone.readText("/again.txt")).toBe("second");
  });

  it("is prepared again when it is replaced while it is shared, and nothing is lost", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/busy.txt", "first");
    await alice.phone.names("/");
    let isReplaced = false;
    alice.laptop.network.interfere("createVolume", async (_exchange, ask) => {
      if (!isReplaced) await alice.phone.write("/busy.txt", "second", { onConflict: "replace" });
      isReplaced = true;
      return await ask();
    });
    await share(alice.laptop, "/busy.txt", bob);
    expect(isReplaced).toBe(true);
    await accept(bob.laptop);
    expect(await bob.laptop.readText("/busy.txt")).toBe("second");
    expect(await alice.laptop.names()).toEqual(["busy.txt"]);
  });

  it("takes nothing else in; with a second thing that somebody put there all the same it is a folder, and then a file again", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/one.txt", "1");
    await share(alice.laptop, "/one.txt", bob);
    await accept(bob.laptop);
    const { files } = await bob.laptop.drive;
    const { childId } = await bob.laptop.find("/one.txt");
    await bob.laptop.write("/other.txt", "2");
    await expect(files.makeFolder(childId, "sub")).rejects.toEqual(refusedAs("shared_file"));
    await expect(files.move(await bob.laptop.find("/other.txt"), { folderId: childId })).rejects.toEqual(
      refusedAs("shared_file"),
    );
    await expect(files.copy(await bob.laptop.find("/other.txt"), { folderId: childId })).rejects.toEqual(
      refusedAs("shared_file"),
    );
    const draft = { folderId: childId, name: "x", modifiedMs: 0, onConflict: "keep-both" } as const;
    const { versions: _, ...content } = (await bob.laptop.find("/other.txt")).entry.file!;
    expect(await files.put([{ ...draft, content }])).toEqual([{ error: refusedAs("shared_file") }]);
    await expect(files.resolveFolder("/one.txt")).rejects.toEqual(refusedAs("not_a_folder"));

    // Past the programs' ways.
    const volume = await inside(bob.laptop, "/one.txt");
    const folder = { type: 0, name: "hidden", createdMs: 1, modifiedMs: 1, addedBy: new Uint8Array(16) };
    const made = await volume.change(async (editor) => {
      const [entry] = await editor.addEntries(volume.volumeId, [folder]);
      editor.createFolder({ nodeId: entry!.childId, parentNodeId: volume.volumeId });
      return entry!.childId;
    });
    await alice.laptop.catchUp();
    expect(await facts(alice.laptop, "/one.txt")).toMatchObject({ type: "folder", isShared: true });
    expect(await alice.laptop.names("/one.txt")).toEqual(["hidden", "one.txt"]);
    expect(await searched(alice.laptop, { text: "one" })).toEqual([
      ...[
        expect.objectContaining({ type: "folder", path: [] }),
        expect.objectContaining({ sizeBytes: 1, path: ["one.txt"] }),
      ],
    ]);
    expect(await alice.laptop.readText("/one.txt/one.txt")).toBe("1");
    await alice.laptop.trash("/one.txt/hidden");
    expect(await facts(alice.laptop, "/one.txt")).toMatchObject({ type: "file", size: 1 });
    // What lies in its trash comes back only where there is room.
    const own = (await alice.laptop.drive).files;
    await expect(own.restore((await alice.laptop.trashed()).get("hidden")!)).rejects.toEqual(refusedAs("shared_file"));
    await stop(alice.laptop, "/one.txt");
    expect(await alice.laptop.readText("/one.txt")).toBe("1");
    expect((await alice.laptop.trashed()).has("hidden")).toBe(true);
    expect(made).toHaveLength(16);

    // Emptied, it is an empty folder.
    await share(alice.laptop, "/one.txt", bob);
    const again = await inside(alice.laptop, "/one.txt");
    const { entries } = await again.readFolder(again.volumeId);
    await again.change((editor) => editor.removeEntries(again.volumeId, [entries[0]!.childId]));
    expect(await facts(alice.laptop, "/one.txt")).toMatchObject({ type: "folder" });
    await stop(alice.laptop, "/one.txt");
    expect(await alice.laptop.names("/one.txt")).toEqual([]);
  }, 120_000);

  it("lies in a shared folder as everything there does: who is around it keeps it, who is not has it alone", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Around/report.txt", "first");
    await alice.laptop.write("/Around/other.txt", "theirs");
    await share(alice.laptop, "/Around", bob);
    await accept(bob.laptop, { name: "Around" });
    const before = await facts(bob.laptop, "/Around/report.txt");

    await share(alice.laptop, "/Around/report.txt", carol);
    await bob.laptop.catchUp();
    expect(await facts(bob.laptop, "/Around/report.txt")).toEqual({ ...before, isShared: true });
    expect(await bob.laptop.readText("/Around/report.txt")).toBe("first");
    await accept(carol.laptop, { name: "report.txt" });
    expect(await carol.laptop.names("/")).toEqual(["report.txt"]);
    await carol.laptop.write("/report.txt", "second, of carol", { onConflict: "replace" });
    await bob.laptop.catchUp();
    expect(await bob.laptop.readText("/Around/report.txt")).toBe("second, of carol");
    await bob.laptop.write("/Around/report.txt", "third, of bob", { onConflict: "replace" });
    await carol.laptop.catchUp();
    expect(await carol.laptop.readText("/report.txt")).toBe("third, of bob");

    // Out of the folder is out of the file.
    await unshare(alice.laptop, "/Around", bob);
    const { sharing } = await alice.laptop.drive;
    await alice.laptop.catchUp();
    const left = await sharing.members(await alice.laptop.find("/Around/report.txt"));
    expect(left.map(({ name }) => name).sort()).toEqual(["alice", "carol"]);
    await stop(alice.laptop, "/Around/report.txt");
    expect(await alice.laptop.names("/Around")).toEqual(["other.txt", "report.txt"]);
    expect(await facts(alice.laptop, "/Around/report.txt")).toMatchObject({ type: "file", isShared: false });
    expect(await alice.laptop.readText("/Around/report.txt")).toBe("third, of bob");
  });

  it("is refused where a folder is: in the trash, with oneself, and for uploads by a link", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/trashed.txt", "1");
    await alice.laptop.trash("/trashed.txt");
    const { sharing, links } = await alice.laptop.drive;
    const wish = { person: "bob", role: "viewer" } as const;
    const refused = (item: Item, name = "bob") =>
      expect(sharing.share(item, { ...wish, person: name })).rejects.toEqual(refusedAs("not_shareable"));
    await refused((await alice.laptop.trashed()).get("trashed.txt")!);
    await alice.laptop.write("/own.txt", "1");
    await refused(await alice.laptop.find("/own.txt"), "alice");
    await expect(links.create(await alice.laptop.find("/own.txt"), { role: "editor" })).rejects.toEqual(
      refusedAs("not_shareable"),
    );
    await share(alice.laptop, "/own.txt", bob);
    await expect(links.create(await alice.laptop.find("/own.txt"), { role: "editor" })).rejects.toEqual(
      refusedAs("not_shareable"),
    );
    expect(await facts(alice.laptop, "/own.txt")).toMatchObject({ type: "file" });
  });

  it("is shown, looked at and saved by a link as the one file that it is", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/photo.jpg", sampleBytes(300_000, 5));
    const { links } = await alice.laptop.drive;
    const { address } = await links.create(await alice.laptop.find("/photo.jpg"), { label: "for everybody" });
    const stranger = await world.newDevice("stranger");
    const visit = await stranger.excalibur.visit({ address: address!, client: "cli" });
    expect([visit.isFile, visit.label]).toEqual([true, "photo.jpg"]);
    const { items } = await visit.files.list(visit.files.rootId);
    expect(items.map(({ name, type, entry }) => [name, type, entry.file?.sizeBytes])).toEqual([
      ["photo.jpg", "file", 300_000],
    ]);
    await visit.close();
    const drive = await bob.laptop.drive;
    const again = await stranger.excalibur.visit({ address: address!, client: "cli" });
    await saveVisited(drive, again, { folderId: drive.files.rootId });
    await again.close();
    expect((await bob.laptop.read("/photo.jpg")).equals(sampleBytes(300_000, 5))).toBe(true);
    expect(await facts(bob.laptop, "/photo.jpg")).toMatchObject({ isShared: false });
    await stop(alice.laptop, "/photo.jpg");
    await expect(stranger.excalibur.visit({ address: address!, client: "cli" })).rejects.toEqual(
      refusedAs("link_revoked"),
    );
  });
});
