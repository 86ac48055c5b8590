import { Breakdown } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Person, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share } from "./acts.ts";

/** Alice shares /Docs with Bob, who may write and has it at "/Work/Docs", and with Carol, who may look. */
async function together(world: World): Promise<{ alice: Person; bob: Person; carol: Person }> {
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  await alice.laptop.write("/Docs/letters/plan.txt", "one");
  await alice.laptop.write("/Docs/old.txt", "old");
  await share(alice.laptop, "/Docs", bob);
  await share(alice.laptop, "/Docs", carol, "viewer");
  await accept(bob.laptop);
  await accept(carol.laptop);
  await bob.laptop.makeFolder("/Work");
  await bob.laptop.move("/Docs", { folder: "/Work" });
  await bob.laptop.write("/Work/Docs/letters/plan.txt", "two", { onConflict: "replace" });
  return { alice, bob, carol };
}

describe("inside a shared folder", () => {
  it("whoever may write goes back to earlier versions and moments, and finds the trash of the folder in their own", async () => {
    await using world = await World.start();
    const { alice, bob } = await together(world);
    const { laptop } = bob;
    const { files, volumes } = await laptop.drive;
    const run = async (...args: string[]) => {
      const ran = await world.runCli(laptop.home, [...args, "--json"]);
      expect([args, ran.exitCode, ran.stderr]).toEqual([args, 0, ""]);
      return JSON.parse(ran.stdout) as Record<string, unknown>;
    };

    const { versions } = (await run("versions", "/Work/Docs/letters/plan.txt")) as { versions: { number: number }[] };
    expect(versions).toHaveLength(1);
    await run("restore", "/Work/Docs/letters/plan.txt", "--version", "1");
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/Docs/letters/plan.txt")).toBe("one");
    await laptop.catchUp();

    const then = (await volumes.place((await laptop.find("/Work/Docs")).childId)).volume.headTimeMs;
    await laptop.rename("/Work/Docs/letters/plan.txt", "no plan.txt");
    await laptop.write("/Work/Docs/letters/more.txt", "more");
    const folderId = await files.resolveFolder("/Work/Docs/letters");
    const preview = await files.previewRewind({ folderId, timeMs: then });
    expect(preview).toMatchObject({
      path: "/Work/Docs/letters",
      changes: [
        { since: ["added"], path: null, pathNow: "/Work/Docs/letters/more.txt" },
        { since: ["renamed"], path: "/Work/Docs/letters/plan.txt", pathNow: "/Work/Docs/letters/no plan.txt" },
      ],
    });
    const whole = await files.previewRewind({ folderId: await files.resolveFolder("/Work/Docs"), timeMs: then });
    expect([whole.path, whole.changes]).toEqual(["/Work/Docs", preview.changes]);
    const done = await files.rewind(preview);
    expect(await laptop.names("/Work/Docs/letters")).toEqual(["plan.txt"]);
    await files.undoRewind(done);
    expect(await laptop.names("/Work/Docs/letters")).toEqual(["more.txt", "no plan.txt"]);
    const time = new Date(then + 1).toISOString();
    expect(await run("rewind", "/Work/Docs", "--to", time, "--yes")).toMatchObject({ path: "/Work/Docs", done: true });
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Docs/letters")).toEqual(["plan.txt"]);

    // One name in the trash of two volumes: told apart, and each goes back to where it was.
    await laptop.catchUp();
    await laptop.write("/old.txt", "mine");
    await laptop.trash("/old.txt");
    const [trashed] = await files.trash([await laptop.find("/Work/Docs/old.txt")]);
    const { entries } = (await run("trash", "ls")) as { entries: { name: string; from: string }[] };
    const placesOf = entries.filter(({ name }) => name.startsWith("old")).map(({ name, from }) => [name, from]);
    expect(placesOf.sort()).toEqual([
      ["old.txt (2)", "/Work/Docs/old.txt"],
      ["old.txt", "/old.txt"],
    ]);
    expect(await run("trash", "restore", "old.txt (2)")).toMatchObject({
      restored: [{ path: "/Work/Docs/old.txt", toRoot: false }],
    });
    await laptop.catchUp();
    await laptop.trash("/Work/Docs/old.txt");
    // As it was said to be in the trash.
    expect(await files.restore(trashed!)).toMatchObject({ name: "old.txt", toRoot: false });
    expect(await laptop.names("/Work/Docs")).toEqual(["letters", "old.txt"]);
  });

  it("what goes into another volume leaves its earlier versions in the trash, and is there again as it was", async () => {
    await using world = await World.start();
    const { bob, carol } = await together(world);
    const { files } = await bob.laptop.drive;
    const moved = await files.move(await bob.laptop.find("/Work/Docs/letters/plan.txt"), { folderId: files.rootId });
    expect(await bob.laptop.readText("/plan.txt")).toBe("two");
    expect((await bob.laptop.find("/plan.txt")).childId).toEqual(moved.childId);
    await files.restore(moved.left!);
    const plan = await bob.laptop.find("/Work/Docs/letters/plan.txt");
    expect(await files.versions(plan)).toHaveLength(1);

    // Who may not take it away does not get half of it done.
    await carol.laptop.catchUp();
    const hers = (await carol.laptop.drive).files;
    const taken = hers.move(await carol.laptop.find("/Docs/old.txt"), { folderId: hers.rootId });
    await expect(taken).rejects.toEqual(refusedAs("read_only"));
    expect(await carol.laptop.names("/")).toEqual(["Docs"]);
  });

  it("whoever may only look sees earlier versions, and is refused everything else with a reason", async () => {
    await using world = await World.start();
    const { alice, carol } = await together(world);
    const { laptop } = carol;
    await laptop.catchUp();
    const plan = await laptop.find("/Docs/letters/plan.txt");
    const { files, volumes } = await laptop.drive;
    const [version] = await files.versions(plan);
    const folderId = await files.resolveFolder("/Docs");
    const { headTimeMs } = (await volumes.place(folderId)).volume;
    await alice.laptop.catchUp();
    await alice.laptop.trash("/Docs/old.txt");
    await laptop.catchUp();
    const readOnly = refusedAs("read_only");
    await expect(files.previewRewind({ folderId, timeMs: headTimeMs })).rejects.toEqual(readOnly);
    await expect(files.restoreVersion(plan, version!.id)).rejects.toEqual(readOnly);
    await expect(files.deleteVersions(plan, [version!.id])).rejects.toEqual(readOnly);
    await expect(files.trash([plan])).rejects.toEqual(readOnly);
    // What others threw away in it is theirs to bring back.
    expect((await files.listTrash()).items).toEqual([]);
    const time = new Date(headTimeMs + 1).toISOString();
    for (const args of [
      ["rewind", "/Docs", "--to", time, "--yes"],
      ["restore", "/Docs/letters/plan.txt", "--version", "1"],
      ["rm", "/Docs/letters/plan.txt"],
    ]) {
      const { exitCode, stderr } = await world.runCli(laptop.home, args);
      expect([args, exitCode, stderr]).toEqual([args, 1, expect.stringMatching(/may look at this shared folder/)]);
    }
    expect(await alice.laptop.names("/Docs")).toEqual(["letters"]);
  });

  it("what is stored counts for the owner, under the folder as it lies in the owner's drive, and for nobody else", async () => {
    await using world = await World.start();
    const { alice, bob } = await together(world);
    await bob.laptop.write("/Work/Docs/letters/big.bin", sampleBytes(300_000, 1));
    const [alicesUse, bobsUse] = [await useOf(alice), await useOf(bob)];
    expect(alicesUse.folders.map(({ path }) => path.join("/"))).toEqual(["Docs", "Docs/letters"]);
    expect(alicesUse.folders[1]?.sizeBytes).toBeGreaterThan(300_000);
    expect(alicesUse.use).toMatchObject({ otherBytes: 0, damaged: 0 });
    expect(alicesUse.use.currentBytes + alicesUse.use.versionsBytes).toBe(alicesUse.use.usedBytes);
    expect(bobsUse.folders).toEqual([]);
    expect(bobsUse.use).toMatchObject({ usedBytes: 0, currentBytes: 0, versionsBytes: 0, trashBytes: 0 });
  });
});

/** As the picture of the storage is made. */
async function useOf({ laptop }: Person) {
  await laptop.catchUp();
  const breakdown = new Breakdown(() => "file");
  const use = await (await laptop.account).storage({ onItem: (item, bytes) => breakdown.look(item, bytes) });
  return { use, folders: breakdown.largestFolders(8) };
}
