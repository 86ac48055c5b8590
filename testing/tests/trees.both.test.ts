import { readdir } from "node:fs/promises";
import { BadNameError, IntoItselfError, NameTakenError, NotFoundError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { growSampleTree, readTree, SAMPLE_FILES, World } from "../src/index.ts";

describe("a folder of many scripts, sizes and times", () => {
  it("comes back byte for byte on another device, empty things and times included", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const here = await world.localFolder("here");
    await growSampleTree(here);
    expect(await alice.laptop.putTree(here, "/everything")).toEqual([]);

    const there = await world.localFolder("there");
    await alice.phone.getTree("/everything", there);
    const [sent, got] = [await readTree(here), await readTree(there)];
    expect([...sent.values()].filter(({ type }) => type === "file")).toHaveLength(SAMPLE_FILES.length);
    expect(got).toEqual(sent);

    const server = await readdir(world.serverFolder, { recursive: true });
    expect(server.filter((path) => /[^\x20-\x7e]/.test(path))).toEqual([]);
  });

  it("keeps what one device does for the other one: moves, copies, new versions", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/a/one.txt", "one");
    await laptop.write("/a/two.txt", "two");
    await laptop.write("/b/inner/three.txt", "three");

    await laptop.move("/b/inner", { folder: "/a" });
    await laptop.copy("/a", { folder: "/b", name: "copy of a" });
    await laptop.write("/a/one.txt", "one, again", { onConflict: "replace" });
    await laptop.write("/a/two.txt", "another two", { onConflict: "keep-both" });
    await laptop.rename("/a/two.txt", "zwei.txt");

    expect(await phone.names("/a")).toEqual(["inner", "one.txt", "two (2).txt", "zwei.txt"]);
    expect(await phone.names("/b")).toEqual(["copy of a"]);
    expect(await phone.readText("/a/one.txt")).toBe("one, again");
    expect(await phone.readText("/a/two (2).txt")).toBe("another two");
    expect(await phone.readText("/b/copy of a/one.txt")).toBe("one");
    expect(await phone.readText("/b/copy of a/inner/three.txt")).toBe("three");
    const { entry } = await phone.find("/a/one.txt");
    expect(entry.file?.versions).toHaveLength(1);
  });

  it("keeps both when somebody moves or copies to where the name is taken, and says what the newcomer is called", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    for (const path of ["/here/a.txt", "/here/both/in.txt", "/there/a.txt", "/there/both/other.txt"])
      await laptop.write(path, path);
    const { files } = await laptop.drive;
    const [file, folder] = [await laptop.find("/here/a.txt"), await laptop.find("/here/both")];
    const to = { folderId: await files.resolveFolder("/there"), onConflict: "keep-both" } as const;

    await files.copy(file, to);
    await files.copy(folder, to);
    expect((await files.move(file, to)).name).toBe("a (3).txt");
    expect((await files.move(folder, to)).name).toBe("both (3)");

    expect(await laptop.names("/there")).toEqual(["a (2).txt", "a (3).txt", "a.txt", "both", "both (2)", "both (3)"]);
    expect(await laptop.readText("/there/a.txt")).toBe("/there/a.txt");
    expect(await laptop.readText("/there/both (2)/in.txt")).toBe("/here/both/in.txt");
    // To where it is already: nothing happens.
    const again = await laptop.find("/there/a.txt");
    expect((await files.move(again, to)).name).toBe("a.txt");
  });

  it("refuses what would lose or hide something, and changes nothing", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/outer/inner/file.txt", "safe");
    await laptop.write("/outer/other.txt", "other");
    const before = (await (await laptop.drive).volume.catchUp()).sequence;

    await expect(laptop.move("/outer", { folder: "/outer/inner" })).rejects.toThrow(IntoItselfError);
    await expect(laptop.move("/outer/other.txt", { folder: "/outer", name: "inner" })).rejects.toThrow(NameTakenError);
    await expect(laptop.write("/outer/other.txt", "changed")).rejects.toThrow(NameTakenError);
    await expect(laptop.read("/outer/nothing")).rejects.toThrow(NotFoundError);

    expect((await (await laptop.drive).volume.catchUp()).sequence).toBe(before);
    expect(await laptop.readText("/outer/other.txt")).toBe("other");
  });
});

describe("the trash", () => {
  it("gives things back to where they were, under a free name, until it is emptied", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/docs/plan.txt", "the plan");
    await laptop.write("/docs/old/memo.txt", "memo");
    await laptop.trash("/docs/plan.txt");
    await laptop.trash("/docs/old");
    expect(await phone.names("/docs")).toEqual([]);
    expect([...(await phone.trashed()).keys()].sort()).toEqual(["old", "plan.txt"]);

    await laptop.write("/docs/plan.txt", "another plan");
    const { files } = await phone.drive;
    await phone.catchUp();
    const { name } = await files.restore((await phone.trashed()).get("plan.txt")!);
    expect(name).toBe("plan (2).txt");
    expect(await phone.readText("/docs/plan (2).txt")).toBe("the plan");

    const old = (await phone.trashed()).get("old")!;
    await files.deleteForGood([old]);
    await laptop.catchUp();
    expect([...(await laptop.trashed()).keys()]).toEqual([]);
    await expect((await laptop.drive).files.restore(old)).rejects.toThrow(NotFoundError);
  });

  it("gives a thing back to the root when its folder is gone", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/gone/file.txt", "still here");
    await laptop.trash("/gone/file.txt");
    await laptop.trash("/gone");
    const { files } = await laptop.drive;
    const { toRoot } = await files.restore((await laptop.trashed()).get("file.txt")!);
    expect(toRoot).toBe(true);
    expect(await laptop.readText("/file.txt")).toBe("still here");
  });
});

describe("names", () => {
  it("that hide or confuse are refused with a sentence and never sent", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { files } = await alice.laptop.drive;
    const bad = [
      "a/b",
      "a\u0000b",
      "a\nb",
      "\u007f",
      "x".repeat(2_000),
      "invoice\u202egpj.exe",
      ".",
      "..",
      "  ",
      "\ud800",
    ];
    alice.laptop.network.asked.length = 0;
    for (const name of bad) {
      await expect(files.makeFolder(files.rootId, name), JSON.stringify(name)).rejects.toThrow(BadNameError);
    }
    expect(alice.laptop.network.asked.filter((route) => route === "postCommit")).toEqual([]);
    await files.makeFolder(files.rootId, "ordinary");
  });

  it("in two Unicode forms are one name", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const composed = "Müller.txt".normalize("NFC");
    const decomposed = "Müller.txt".normalize("NFD");
    await alice.laptop.write(`/${decomposed}`, "first");
    await expect(alice.phone.write(`/${composed}`, "second")).rejects.toThrow(NameTakenError);
    expect(await alice.phone.readText(`/${decomposed}`)).toBe("first");
    expect(await alice.phone.names("/")).toEqual([composed]);
  });
});
