import { measureVisited, type SavedFile, saveAgain, saveVisited } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { bytesSource, sampleBytes, World } from "../../src/index.ts";
import { refusedAs } from "./acts.ts";

const WEEK_MS = 7 * 86_400_000;

async function visitedNames(visit: { readonly files: { readonly rootId: Uint8Array } & Files }): Promise<string[]> {
  const { items } = await visit.files.list(visit.files.rootId);
  return items.map(({ name }) => name).sort();
}

type Files = { list(folderId: Uint8Array): Promise<{ readonly items: readonly { readonly name: string }[] }> };

describe("a link", () => {
  it("shows a folder to a stranger until it is taken back, and the folder stays what it was", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/photos/sea/beach.txt", "sand");
    await alice.laptop.write("/photos/list.txt", "all of them");
    const { links } = await alice.laptop.drive;
    const link = await links.create(await alice.laptop.find("/photos"), { label: "for the family" });
    expect(link).toMatchObject({ label: "for the family", state: "open", role: "viewer", downloads: 0 });
    expect(String(await alice.laptop.read("/photos/sea/beach.txt"))).toBe("sand");

    const stranger = await alice.newDevice("stranger");
    const address = link.address as string;
    const visit = await stranger.excalibur.visit({ address, client: "web" });
    expect(visit).toMatchObject({ role: "viewer", label: "photos", viewOnly: false, uploads: undefined });
    expect(await visitedNames(visit)).toEqual(["list.txt", "sea"]);
    const item = await visit.files.resolve("/sea/beach.txt");
    const pieces: Uint8Array[] = [];
    for await (const piece of visit.downloads.read(item!.entry.file!)) pieces.push(piece.slice());
    expect(Buffer.concat(pieces).toString()).toBe("sand");
    await expect(visit.files.makeFolder(visit.files.rootId, "mine")).rejects.toMatchObject({ code: "read_only" });

    // What is written later is seen by who visits; on another device of hers the link is the same.
    await alice.laptop.write("/photos/new.txt", "news");
    await visit.catchUp();
    expect(await visitedNames(visit)).toEqual(["list.txt", "new.txt", "sea"]);
    const tablet = await alice.device("tablet");
    expect(await (await tablet.drive).links.list()).toEqual([
      expect.objectContaining({ address, label: "for the family", downloads: 1, lastOpenedMs: expect.any(Number) }),
    ]);

    await links.revoke(link.id);
    await expect(visit.catchUp()).rejects.toMatchObject({ code: "link_revoked" });
    await expect(stranger.excalibur.visit({ address, client: "web" })).rejects.toMatchObject({ code: "link_revoked" });
    expect(await links.list()).toEqual([]);
    expect(await links.list({ revoked: true })).toEqual([expect.objectContaining({ state: "revoked" })]);
    expect(String(await alice.laptop.read("/photos/new.txt"))).toBe("news");
    const log = await links.log(link.id);
    expect(log.map(({ outcome, client }) => [outcome, client]).sort()).toEqual(
      [
        ["opened", "web"],
        ["downloaded", "web"],
        ["revoked", "unknown"],
      ].sort(),
    );
    await visit.close();
  });

  it("stays open when another is taken back, or a person removed: it gets the new key like everybody", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/plans/one.txt", "1");
    const drive = await alice.laptop.drive;
    const find = () => alice.laptop.find("/plans");
    await drive.sharing.share(await find(), { person: "bob", role: "editor" });
    const [first, second] = [await drive.links.create(await find()), await drive.links.create(await find())];
    const stranger = await bob.newDevice("stranger");
    const visit = await stranger.excalibur.visit({ address: first.address as string, client: "web" });
    await drive.links.revoke(second.id);
    await drive.sharing.remove(await find(), ["bob"]);
    await alice.laptop.write("/plans/two.txt", "2");
    await visit.catchUp();
    expect(await visitedNames(visit)).toEqual(["one.txt", "two.txt"]);
    const again = await stranger.excalibur.visit({ address: first.address as string, client: "cli" });
    expect(await visitedNames(again)).toEqual(["one.txt", "two.txt"]);
    await Promise.all([visit.close(), again.close()]);
  });

  it("does not lead into what is shared by itself inside; its maker is told what that is, and who visits it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/trip/sea/beach.txt", "sand");
    await laptop.write("/trip/sea/diary/day.txt", "mine");
    await laptop.write("/trip/bill.txt", "100");
    const { links } = await laptop.drive;
    // Each is a volume of its own by now.
    for (const path of ["/trip/sea/diary", "/trip/bill.txt"])
      expect(await links.create(await laptop.find(path))).toMatchObject({ notReached: [] });
    const notReached = ["bill.txt", "sea/diary"];
    expect(await links.notReached(await laptop.find("/trip"))).toEqual(notReached);
    const made = await links.create(await laptop.find("/trip"));
    expect(made).toMatchObject({ notReached });
    expect(await links.notReached(await laptop.find("/trip"))).toEqual(notReached);
    const again = await world.runCli(laptop.home, ["link", "create", "/trip"]);
    expect(again.stderr).toContain("shared by itself inside, and tells visitors so: bill.txt, sea/diary");
    const asJson = await world.runCli(laptop.home, ["link", "create", "/trip", "--json"]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ notReached });

    const stranger = await alice.newDevice("stranger");
    const visit = await stranger.excalibur.visit({ address: made.address as string, client: "cli" });
    const { files } = visit;
    expect(await visitedNames(visit)).toEqual(["bill.txt", "sea"]);
    expect(await files.resolve("/bill.txt")).toMatchObject({ type: "file", problem: { code: "not_in_link" } });
    const diary = await files.resolve("/sea/diary");
    await expect(files.list(diary!.childId)).rejects.toEqual(refusedAs("not_in_link"));
    await visit.close();
    const local = await world.localFolder("got");
    const got = await world.runCli(stranger.home, ["get", "--link", made.address as string, local, "--json"]);
    expect([got.exitCode, JSON.parse(got.stdout)]).toEqual([
      1,
      expect.objectContaining({
        downloaded: 1,
        failed: 2,
        failures: [refusedAs("not_in_link"), refusedAs("not_in_link")],
      }),
    ]);
  });

  it("with a password opens with that alone, and says what is wrong", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/tax/2026.txt", "numbers");
    const { links } = await alice.laptop.drive;
    const password = "päss wörd";
    const link = await links.create(await alice.laptop.find("/tax"), { password, expiresMs: Date.now() + WEEK_MS });
    const stranger = await alice.newDevice("stranger");
    const open = (typed?: string) =>
      stranger.excalibur.visit({ address: link.address as string, client: "app", password: typed });
    await expect(open()).rejects.toMatchObject({ code: "link_password_needed" });
    await expect(open("guess")).rejects.toMatchObject({ code: "link_password_wrong" });
    const visit = await open(password.normalize("NFD"));
    expect(await visitedNames(visit)).toEqual(["2026.txt"]);
    await visit.close();
    await links.change(link.id, { paused: true });
    await expect(open(password)).rejects.toMatchObject({ code: "link_paused" });
    await links.change(link.id, { paused: false, label: "accountant" });
    expect(await links.show(link.id)).toMatchObject({ label: "accountant", state: "open", hasPassword: true });
    await (await open(password)).close();
    await links.change(link.id, { expiresMs: 1 });
    await expect(open(password)).rejects.toMatchObject({ code: "link_expired" });
    expect(await links.show(link.id)).toMatchObject({ state: "expired" });
  });

  it("with which one may write takes files and folders; what a stranger puts there counts for its owner", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/inbox/hello.txt", "hello");
    const { links } = await alice.laptop.drive;
    const link = await links.create(await alice.laptop.find("/inbox"), { role: "editor" });
    const stranger = await bob.newDevice("stranger");
    const visit = await stranger.excalibur.visit({ address: link.address as string, client: "web" });
    expect(visit).toMatchObject({ role: "editor" });
    const before = await (await alice.laptop.account).storage();
    const folderId = await visit.files.makeFolder(visit.files.rootId, "from outside");
    const large = sampleBytes(3_000_000, 7);
    const failures: unknown[] = [];
    const put = (name: string, bytes: Uint8Array) => ({
      ...{ folderId, name, onConflict: "fail" as const },
      open: async () => bytesSource(name, bytes),
    });
    await visit.uploads!.upload([put("small.txt", Buffer.from("small")), put("large.bin", large)], {
      onResult: (result) => void ("error" in result && failures.push(result.error)),
    });
    expect(failures).toEqual([]);
    await visit.files.trash([(await visit.files.resolve("/hello.txt"))!]);
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/inbox/from outside/small.txt")).toBe("small");
    expect((await alice.laptop.read("/inbox/from outside/large.bin")).equals(large)).toBe(true);
    expect(await alice.laptop.names("/inbox")).toEqual(["from outside"]);
    const after = await (await alice.laptop.account).storage();
    expect(after.usedBytes - before.usedBytes).toBeGreaterThan(3_000_000);
    // Taken back it writes nothing any more, and what it wrote stays and is checked with its keys.
    await links.revoke(link.id);
    await expect(visit.files.makeFolder(visit.files.rootId, "late")).rejects.toMatchObject({ code: "link_revoked" });
    const tablet = await alice.device("tablet");
    expect(await tablet.readText("/inbox/from outside/small.txt")).toBe("small");
    await visit.close();
  });

  it("is saved to a drive of one's own, whole or in part, and owes nothing to the link then", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/album/a/one.txt", "one");
    await alice.laptop.write("/album/two.txt", "two");
    const { links } = await alice.laptop.drive;
    const make = async (wish = {}) => await links.create(await alice.laptop.find("/album"), wish);
    const [link, looking] = [await make(), await make({ viewOnly: true })];
    const open = (address: string | undefined) =>
      bob.laptop.excalibur.visit({ address: address as string, client: "web" });
    const visit = await open(link.address);
    const drive = await bob.laptop.drive;
    const folderId = await drive.files.makeFolder(drive.files.rootId, "saved");
    expect(await saveVisited(drive, visit, { folderId })).toEqual({ uploaded: 2, failed: 0 });
    const [part] = (await visit.files.list(visit.files.rootId)).items.filter(({ name }) => name === "two.txt");
    expect(await saveVisited(drive, visit, { folderId, items: [part!] })).toEqual({ uploaded: 1, failed: 0 });
    // A file stands where a folder is to go: that is told, and everything else is saved.
    await bob.laptop.write("/blocked/a", "in the way");
    const told: unknown[] = [];
    const failed: SavedFile[] = [];
    const blocked = (await bob.laptop.find("/blocked")).childId;
    const outcome = await saveVisited(drive, visit, {
      folderId: blocked,
      onResult: (result) => {
        told.push([result.request.path, "error" in result ? result.error : "saved"]);
        if ("error" in result) failed.push(result.request);
      },
    });
    expect(outcome).toEqual({ uploaded: 1, failed: 1 });
    expect(told).toEqual(
      expect.arrayContaining([
        ["a", refusedAs("not_a_folder")],
        ["two.txt", "saved"],
      ]),
    );
    // It is tried again, and fails again as long as nothing has changed; then it comes with all that is in it, and nothing twice.
    expect(await saveAgain(drive, visit, { failed })).toEqual({ uploaded: 0, failed: 1 });
    await bob.laptop.trash("/blocked/a");
    expect(await saveAgain(drive, visit, { failed })).toEqual({ uploaded: 1, failed: 0 });
    expect([await bob.laptop.names("/blocked"), await bob.laptop.names("/blocked/a")]).toEqual([
      ["a", "two.txt"],
      ["one.txt"],
    ]);
    expect(await measureVisited(visit)).toEqual({ files: 2, sizeBytes: 6 });
    await expect(saveVisited(drive, await open(looking.address), { folderId })).rejects.toMatchObject({
      code: "view_only",
    });
    await links.revoke(link.id);
    expect(await bob.laptop.readText("/saved/a/one.txt")).toBe("one");
    expect(await bob.laptop.names("/saved")).toEqual(["a", "two (2).txt", "two.txt"]);
    await visit.close();
  });

  it("shows nothing of what was deleted, and is not made to what lies in the trash", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/gone/one.txt", "1");
    await alice.laptop.write("/trashed/one.txt", "1");
    const { links } = await alice.laptop.drive;
    const link = await links.create(await alice.laptop.find("/gone"));
    const stranger = await bob.newDevice("stranger");
    const visit = await stranger.excalibur.visit({ address: link.address as string, client: "web" });
    const item = await visit.files.resolve("/one.txt");
    await alice.laptop.trash("/gone/one.txt");
    await visit.catchUp();
    expect(await visitedNames(visit)).toEqual([]);
    expect(item?.type).toBe("file");
    const trashed = await alice.laptop.find("/trashed");
    await alice.laptop.trash("/trashed");
    await expect(links.create(trashed)).rejects.toMatchObject({
      code: expect.stringMatching(/not_shareable|not_found/),
    });
    expect(await links.list()).toEqual([expect.objectContaining({ id: link.id, label: "" })]);
    await visit.close();
  });
});
