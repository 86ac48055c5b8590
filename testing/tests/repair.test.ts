import { randomBytes } from "node:crypto";
import type { Finding, Item, Mended } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { writeUnreadablePage } from "../src/attacks/index.ts";
import { type Device, type Network, World } from "../src/index.ts";
import { loseObjects } from "./lost-objects.ts";

type Told = Pick<Finding, "kind" | "path" | "remedy"> & { readonly entries?: number; readonly code?: unknown };

async function examine(device: Device, options: { readonly contents?: boolean } = {}): Promise<Told[]> {
  const { repair } = await device.drive;
  const { findings } = await repair.examine(options);
  return findings.map(told);
}

function told({ cause, ...facts }: Finding): Told {
  return cause === undefined ? facts : { ...facts, code: (cause as { code?: unknown }).code };
}

/** Mends everything; it must work, and nothing must be found afterwards but what is named. */
async function mendAll(device: Device, left: readonly Told[] = []): Promise<readonly Mended[]> {
  const { repair } = await device.drive;
  const { findings } = await repair.examine();
  const mended = await repair.mend(findings);
  expect(mended.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(await examine(device)).toEqual(left);
  return mended;
}

async function folderId(device: Device, path: string): Promise<Uint8Array> {
  return await (await device.drive).files.resolveFolder(path);
}

/** A change as a client makes it that has no idea of the rules of the tree. */
async function wildly(
  device: Device,
  change: Parameters<Awaited<Device["drive"]>["volume"]["change"]>[0],
): Promise<void> {
  await (await device.drive).volume.change(change);
}

/** From now on the server gives nothing, or rubbish, for the pages that a folder has at this moment. */
async function losePages(
  device: Device,
  path: string,
  { networks, instead }: { readonly networks: readonly Network[]; readonly instead: Buffer },
): Promise<void> {
  const id = Buffer.from(await folderId(device, path));
  const lost: Buffer[] = [];
  for (const network of networks) {
    network.alter("fetchPages", (body) => {
      const pieces: Buffer[] = [];
      for (const record of recordsOf(body)) {
        const isMeant = record.subarray(20, 36).equals(id) && (lost.length === 0 || lost[0]!.equals(record));
        if (isMeant) lost[0] = record;
        const given = isMeant ? instead : record;
        const length = Buffer.alloc(4);
        length.writeUInt32BE(given.length);
        pieces.push(length, given);
      }
      return Buffer.concat(pieces);
    });
  }
}

function recordsOf(body: Uint8Array): Buffer[] {
  const bytes = Buffer.from(body);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    records.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

async function furnished(world: World): Promise<{ readonly laptop: Device; readonly phone: Device }> {
  const { alice } = await world.people("alice");
  await alice.laptop.write("/letters/old/first.txt", "the first");
  await alice.laptop.write("/letters/second.txt", "the second");
  await alice.laptop.write("/fine/fine.txt", "fine");
  return alice;
}

describe("a drive in which nothing is wrong", () => {
  it("has no findings, with a full trash and folders of many pages, and mending it changes nothing", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const { files } = await laptop.drive;
    await files.makeTree(
      files.rootId,
      Array.from({ length: 600 }, (_, index) => ["many", String(index)]),
    );
    await laptop.trash("/letters/old");
    await phone.catchUp();
    const { sequence } = (await phone.drive).volume.head;
    expect(await examine(phone, { contents: true })).toEqual([]);
    await mendAll(phone);
    expect((await phone.drive).volume.head.sequence).toBe(sequence);
  });
});

describe("a page under a key that nobody has", () => {
  it("hides what is on it and nothing else, nobody writes over it, and its earlier version comes back", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    await laptop.move("/letters/second.txt", { folder: "/fine" });
    await laptop.write("/letters/third.txt", "the third");
    await writeUnreadablePage(laptop, await folderId(laptop, "/letters"));
    for (const device of [laptop, phone]) await device.catchUp();
    expect(await phone.names("/")).toEqual(["fine", "letters"]);
    await expect(phone.names("/letters")).rejects.toMatchObject({ code: "page_damaged" });
    await expect(phone.makeFolder("/letters/new")).rejects.toMatchObject({ code: "folder_damaged" });
    expect(await phone.readText("/fine/second.txt")).toBe("the second");

    const path = "/letters";
    const found = { kind: "page_unreadable", path, remedy: "earlier_page", entries: 2, code: "page_damaged" };
    expect(await examine(phone)).toEqual([found]);
    await mendAll(phone);
    await laptop.catchUp();
    expect(await laptop.names("/letters")).toEqual(["old", "third.txt"]);
    expect(await laptop.readText("/letters/third.txt")).toBe("the third");
    expect(await laptop.readText("/letters/old/first.txt")).toBe("the first");
    expect(await laptop.names("/")).toEqual(["fine", "letters"]);
  });

  it("of the root itself comes back, with the trash", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    await laptop.trash("/fine");
    await writeUnreadablePage(laptop, await folderId(laptop, "/"));
    await phone.catchUp();
    await expect(phone.names("/")).rejects.toMatchObject({ code: "page_damaged" });
    await mendAll(phone);
    expect(await phone.names("/")).toEqual(["letters"]);
    expect([...(await phone.trashed()).keys()]).toEqual(["fine"]);
    const { files } = await phone.drive;
    await files.restore((await phone.trashed()).get("fine")!);
    expect(await phone.readText("/fine/fine.txt")).toBe("fine");
  });

  it("over and over: what is moved, thrown away or deleted since does not come back a second time", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    await laptop.makeFolder("/letters/kept");
    await laptop.makeFolder("/letters/away");
    await laptop.makeFolder("/letters/deleted");
    const letters = await folderId(laptop, "/letters");
    await writeUnreadablePage(laptop, letters);
    await writeUnreadablePage(laptop, letters);
    // While nobody can read the listing, its folders go on to live.
    const { volume, files } = await laptop.drive;
    await laptop.catchUp();
    const earlier = (await volume.inspect().earlierPage({ nodeId: letters, bits: 0, bitsLength: 0 }))!;
    const named = (name: string) => earlier.entries.find((entry) => entry.name === name)!;
    await volume.change(async (editor) => {
      await editor.addEntries(files.rootId, [named("away"), named("second.txt")]);
      await editor.setParent(named("away").childId, files.rootId);
      await editor.dropFolder(named("deleted").childId);
    });
    await phone.catchUp();
    await mendAll(phone);
    expect(await phone.names("/letters")).toEqual(["kept", "old"]);
    expect(await phone.names("/")).toEqual(["away", "fine", "letters", "second.txt"]);
  });
});

describe("a page that the server lost or altered", () => {
  it.each([
    ["lost", Buffer.alloc(0), "page_missing"],
    ["altered", randomBytes(900), "page_damaged"],
  ])("(%s) comes back whole from a device that still has it", async (_, instead, code) => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    await laptop.names("/letters");
    const networks = [laptop.network, phone.network];
    await losePages(laptop, "/letters", { networks, instead });
    await phone.catchUp();
    await expect(phone.names("/letters")).rejects.toMatchObject({ code });
    expect(await phone.readText("/fine/fine.txt")).toBe("fine");

    expect(await examine(laptop)).toEqual([
      { kind: "page_altered", path: "/letters", remedy: "rewrite", entries: 2, code },
    ]);
    await mendAll(laptop);
    await phone.catchUp();
    expect(await phone.names("/letters")).toEqual(["old", "second.txt"]);
    expect(await phone.readText("/letters/second.txt")).toBe("the second");
  });

  it("leaves its folders in Recovered when no earlier version is left", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const id = Buffer.from(await folderId(laptop, "/letters"));
    phone.network.alter("fetchPages", (body) => {
      const given = recordsOf(body).map((record) =>
        record.subarray(20, 36).equals(id) && record.readUInt32BE(43) <= 2 ? Buffer.alloc(0) : record,
      );
      return Buffer.concat(
        given.flatMap((record) => {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(record.length);
          return [length, record];
        }),
      );
    });
    const found = await examine(phone);
    expect(found).toMatchObject([
      { kind: "page_unreadable", path: "/letters", remedy: "empty_page", entries: 0, code: "page_missing" },
      { kind: "unreachable", remedy: "recover" },
    ]);
    await mendAll(phone);
    const [name] = await phone.names("/Recovered");
    expect(name).toMatch(/^folder [0-9a-f]{8}$/);
    expect(await phone.readText(`/Recovered/${name}/first.txt`)).toBe("the first");
    expect(await phone.names("/letters")).toEqual([]);
  });
});

describe("a tree that contradicts itself", () => {
  it("two folders in each other go to Recovered, with everything in them", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    await laptop.write("/ring/inner/file.txt", "in the ring");
    const [ring, inner] = [await laptop.find("/ring"), await laptop.find("/ring/inner")];
    await wildly(laptop, async (editor) => {
      await editor.removeEntries(ring.parentId, [ring.childId]);
      await editor.addEntries(inner.childId, [ring.entry]);
      await editor.setParent(ring.childId, inner.childId);
    });
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["fine", "letters"]);
    expect(await examine(phone)).toMatchObject([{ kind: "unreachable", remedy: "recover" }]);
    await mendAll(phone);
    const [top] = await phone.names("/Recovered");
    const rest = top === "ring" ? "/Recovered/ring/inner" : "/Recovered/inner";
    expect(await phone.names(rest)).toContain("file.txt");
    expect(await phone.readText(`${rest}/file.txt`)).toBe("in the ring");
  });

  it("a folder that nobody lists goes to Recovered", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const { parentId, childId } = await laptop.find("/letters");
    await wildly(laptop, (editor) => editor.removeEntries(parentId, [childId]));
    await phone.catchUp();
    await mendAll(phone);
    const [name] = await phone.names("/Recovered");
    expect(await phone.readText(`/Recovered/${name}/old/first.txt`)).toBe("the first");
  });

  it("a child in two listings: a folder stays where it says it is, a file becomes two", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const [old, second] = [await laptop.find("/letters/old"), await laptop.find("/letters/second.txt")];
    const fine = await folderId(laptop, "/fine");
    await wildly(laptop, (editor) => editor.addEntries(fine, [old.entry, second.entry]));
    await phone.catchUp();
    expect(await phone.names("/fine")).toEqual(["fine.txt", "old", "second.txt"]);
    expect((await examine(phone)).map(({ kind, remedy }) => [kind, remedy])).toEqual([
      ["listed_twice", "unlist"],
      ["listed_twice", "own_copy"],
    ]);
    await mendAll(phone);
    expect(await phone.names("/fine")).toEqual(["fine.txt", "second.txt"]);
    expect(await phone.names("/letters")).toEqual(["old", "second.txt"]);
    expect(await phone.readText("/fine/second.txt")).toBe("the second");
    await phone.trash("/fine/second.txt");
    expect(await phone.readText("/letters/second.txt")).toBe("the second");
  });

  it("a folder that says it is elsewhere, a line whose folder is gone, something of a newer version", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const [old, fine] = [await laptop.find("/letters/old"), await laptop.find("/fine")];
    await laptop.makeFolder("/gone");
    const gone = await laptop.find("/gone");
    await wildly(laptop, async (editor) => {
      await editor.setParent(old.childId, fine.childId);
      await editor.dropFolder(gone.childId);
      const { childId: _, file: _f, ...entry } = (await laptop.find("/fine/fine.txt")).entry;
      await editor.addEntries(fine.childId, [{ ...entry, type: 99, name: "tomorrow" }]);
    });
    await phone.catchUp();
    const { items } = await (await phone.drive).files.list(fine.childId);
    expect(items.map(({ name, type }: Item) => [name, type])).toContainEqual(["tomorrow", "unknown"]);
    const newer = { kind: "newer_version", path: "/fine/tomorrow", remedy: "none" } as const;
    expect(await examine(phone)).toEqual([
      { kind: "folder_gone", path: "/gone", remedy: "unlist" },
      { kind: "wrong_parent", path: "/letters/old", remedy: "set_parent" },
      newer,
    ]);
    await mendAll(phone, [newer]);
    expect(await phone.names("/")).toEqual(["fine", "letters"]);
    await phone.move("/letters/old", { folder: "/fine" });
    expect(await phone.names("/fine")).toEqual(["fine.txt", "old", "tomorrow"]);
  });
});

describe("contents that the server lost", () => {
  it("set the file aside where it is seen, and put its newest earlier version that is whole in its place", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const replace = { onConflict: "replace" } as const;
    await laptop.write("/fine/fine.txt", "better", replace);
    await laptop.write("/fine/fine.txt", "the very best", replace);
    await laptop.write("/fine/only.txt", "only this");
    const [fine, only] = [await laptop.find("/fine/fine.txt"), await laptop.find("/fine/only.txt")];
    const lost = [fine.entry.file!, fine.entry.file!.versions[0]!, only.entry.file!];
    loseObjects(phone, lost);
    await phone.catchUp();
    expect(await examine(phone)).toEqual([]);
    const { repair } = await phone.drive;
    const { findings } = await repair.examine({ contents: true });
    const code = "object_missing";
    expect(findings.map(told).sort((a, b) => a.path.localeCompare(b.path) || a.kind.localeCompare(b.kind))).toEqual([
      { kind: "contents_lost", path: "/fine/fine.txt", remedy: "earlier_version", code },
      { kind: "version_lost", path: "/fine/fine.txt", remedy: "none", code },
      { kind: "contents_lost", path: "/fine/only.txt", remedy: "recover", code },
    ]);
    expect((await repair.mend(findings)).every(({ error }) => error === undefined)).toBe(true);
    expect(await phone.names("/fine")).toEqual(["fine.txt"]);
    expect(await phone.readText("/fine/fine.txt")).toBe("fine");
    expect(await phone.names("/Recovered")).toEqual(["fine.txt", "only.txt"]);
    // The server's disk comes back.
    phone.network.behave();
    expect(await phone.readText("/Recovered/only.txt")).toBe("only this");
    expect(await phone.readText("/Recovered/fine.txt")).toBe("the very best");
  });
});

describe("fsck", () => {
  it("says what it found, what is lost and what it would do, repairs when told, and ends with what is left", async () => {
    await using world = await World.start();
    const { laptop, phone } = await furnished(world);
    const { home } = phone;
    const clean = await world.runCli(home, ["fsck"]);
    expect([clean.exitCode, clean.stdout, clean.stderr]).toEqual([
      0,
      expect.stringContaining("Nothing is damaged"),
      "",
    ]);
    await writeUnreadablePage(laptop, await folderId(laptop, "/letters"));
    const gone = await laptop.find("/fine");
    await wildly(laptop, (editor) => editor.removeEntries(gone.parentId, [gone.childId]));

    // Shown plainly wherever one looks.
    for (const args of [["ls", "/letters"], ["verify"], ["fsck"]]) {
      const run = await world.runCli(home, args);
      expect([run.exitCode, run.stderr], args.join(" ")).toEqual([3, expect.stringContaining("/letters")]);
    }
    const asked = await world.runCli(home, ["fsck", "--repair"]);
    expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    const told = JSON.parse((await world.runCli(home, ["fsck", "--json"])).stdout);
    const page = {
      path: "/letters",
      kind: "page_unreadable",
      remedy: "earlier_page",
      entries: 2,
      code: "page_damaged",
    };
    expect(told).toMatchObject({
      path: "/",
      damaged: 2,
      findings: [{ ...page, mended: false }, { kind: "unreachable" }],
    });

    const some = await world.runCli(home, ["fsck", "--repair", "--yes", "/letters"]);
    expect([some.exitCode, some.stdout]).toEqual([0, expect.stringContaining("Repaired 1 item. Nothing is damaged")]);
    expect((await world.runCli(home, ["ls", "/letters"])).stdout).toBe("old/\nsecond.txt\n");
    expect((await world.runCli(home, ["fsck"])).exitCode).toBe(1);
    expect((await world.runCli(home, ["fsck", "--repair", "--yes"])).exitCode).toBe(0);
    await laptop.catchUp();
    const [name] = await laptop.names("/Recovered");
    expect(await laptop.readText(`/Recovered/${name}/fine.txt`)).toBe("fine");
    expect((await world.runCli(home, ["fsck", "/nowhere"])).stderr).toContain("(not_found)");
  }, 60_000);
});
