import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { accept, refusedAs, share, stop } from "./acts.ts";

/** The moment of what was done last to somebody's own drive. */
async function momentOf(device: Device): Promise<number> {
  return (await device.drive).volume.headTimeMs;
}

async function preview(device: Device, path: string, timeMs: number) {
  const { files } = await device.drive;
  return await files.previewRewind({ folderId: await files.resolveFolder(path), timeMs });
}

/** Everything below a folder, "/" behind folders. */
async function treeOf(device: Device, path: string): Promise<string[]> {
  const { files } = await device.drive;
  const paths: string[] = [];
  for await (const each of files.walk(await files.resolveFolder(path))) {
    if ("item" in each) paths.push(`${each.path}${each.item.type === "folder" ? "/" : ""}`);
  }
  return paths.sort();
}

const left = (reason: string, path: string | null, pathNow: string | null) =>
  expect.objectContaining({ reason, path, pathNow });

describe("a rewind around what is shared by now", () => {
  it("leaves it as it is, for everybody who is in it; says so first, and brings back what is around it", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Trip/Photos/2026/one.jpg", "1");
    await laptop.write("/Trip/Photos/cover.jpg", "c");
    await laptop.write("/Trip/plan.txt", "first");
    await laptop.write("/Trip/Deep/Notes/a.txt", "a");
    await laptop.write("/Trip/away.txt", "away");
    await laptop.write("/Trip/moved.txt", "moved");
    const before = await momentOf(laptop);
    await share(laptop, "/Trip/Photos", bob);
    await accept(bob.laptop);
    await share(laptop, "/Trip/plan.txt", bob);
    await accept(bob.laptop);
    // Shared with others under another name than it has here by now, and in another place.
    await share(laptop, "/Trip/Deep/Notes", bob);
    await accept(bob.laptop);
    await laptop.rename("/Trip/Deep/Notes", "Our notes");
    await share(laptop, "/Trip/moved.txt", bob);
    await accept(bob.laptop);
    await laptop.move("/Trip/moved.txt", { folder: "/" });
    await bob.laptop.catchUp();
    await bob.laptop.write("/plan.txt", "second", { onConflict: "replace" });
    await bob.laptop.write("/Photos/bobs.jpg", "b");
    await laptop.catchUp();
    await laptop.write("/Trip/New/later.txt", "later");
    await laptop.write("/Trip/Fresh/Inner/i.txt", "i");
    await share(laptop, "/Trip/Fresh/Inner", bob);
    await accept(bob.laptop);
    await laptop.trash("/Trip/away.txt");

    const shown = await preview(laptop, "/Trip", before);
    expect(shown.changes.map(({ path, pathNow }) => [path, pathNow])).toEqual([
      [null, "/Trip/New"],
      ["/Trip/away.txt", null],
    ]);
    expect([shown.lost, shown.left]).toEqual([
      [],
      [
        left("shared", "/Trip/Deep/Notes", "/Trip/Deep/Our notes"),
        left("shared_inside", null, "/Trip/Fresh"),
        left("shared", "/Trip/Photos", "/Trip/Photos"),
        left("shared", "/Trip/moved.txt", "/moved.txt"),
        left("shared", "/Trip/plan.txt", "/Trip/plan.txt"),
      ],
    ]);
    const { files } = await laptop.drive;
    const done = await files.rewind(shown);
    const kept = [
      ...["Deep/", "Deep/Our notes/", "Deep/Our notes/a.txt", "Fresh/", "Fresh/Inner/", "Fresh/Inner/i.txt"],
      ...["Photos/", "Photos/2026/", "Photos/2026/one.jpg", "Photos/bobs.jpg", "Photos/cover.jpg"],
    ];
    expect(await treeOf(laptop, "/Trip")).toEqual([...kept, "away.txt", "plan.txt"]);
    expect(await laptop.readText("/Trip/plan.txt")).toBe("second");
    expect([...(await laptop.trashed()).keys()]).toEqual(["New"]);
    await bob.laptop.write("/Photos/after.jpg", "still theirs");
    await laptop.catchUp();
    expect(await laptop.readText("/Trip/Photos/after.jpg")).toBe("still theirs");
    await files.undoRewind(done);
    expect(await laptop.names("/Trip")).toEqual(["Deep", "Fresh", "New", "Photos", "plan.txt"]);

    const to = new Date(before).toISOString();
    const dry = await world.runCli(laptop.home, ["rewind", "/Trip", "--to", to, "--dry-run"]);
    expect(dry.stdout).toContain("stays as it is  /Trip/Deep/Our notes/   is shared");
    expect(dry.stdout).toContain("stays as it is  /Trip/Fresh/   something inside is shared");
    const meant = await world.runCli(laptop.home, ["rewind", "/Trip", "--to", to, "--yes"]);
    expect(meant.stdout).toContain("5 items that are or were shared stay as they are");
  });

  it("does so inside a shared folder, after a rewind between which and its undoing something was shared", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/Plans/plan.txt", "p");
    await alice.laptop.write("/Team/Plans/sub/deep.txt", "d");
    await alice.laptop.write("/Team/one.txt", "1");
    await share(alice.laptop, "/Team", bob, "manager");
    await accept(bob.laptop);
    const { files } = await bob.laptop.drive;
    const { childId } = await bob.laptop.find("/Team");
    const team = async () => (await (await bob.laptop.drive).volumes.place(childId)).volume.headTimeMs;
    const before = await team();
    await bob.laptop.write("/Team/added.txt", "added");
    await bob.laptop.trash("/Team/one.txt");
    const done = await files.rewind(await preview(bob.laptop, "/Team", before));
    const unseen = await preview(bob.laptop, "/Team", before - 1);
    await share(bob.laptop, "/Team/Plans", carol, "viewer");
    await expect(files.rewind(unseen)).rejects.toEqual(refusedAs("rewind_outdated"));
    await files.undoRewind(done);
    expect(await treeOf(bob.laptop, "/Team")).toEqual([
      "Plans/",
      "Plans/plan.txt",
      "Plans/sub/",
      "Plans/sub/deep.txt",
      "added.txt",
    ]);
    const shown = await preview(bob.laptop, "/Team", before);
    expect(shown.left).toEqual([left("shared", "/Team/Plans", "/Team/Plans")]);
    await files.rewind(shown);
    expect(await treeOf(bob.laptop, "/Team")).toEqual([
      "Plans/",
      "Plans/plan.txt",
      "Plans/sub/",
      "Plans/sub/deep.txt",
      "one.txt",
    ]);
    await accept(carol.laptop);
    expect(await treeOf(carol.laptop, "/Plans")).toEqual(["plan.txt", "sub/", "sub/deep.txt"]);

    // Shared around as well by now: all of it is left alone, once.
    await alice.laptop.catchUp();
    await accept(alice.laptop);
    await alice.laptop.write("/Around/Box/Inner/i.txt", "i");
    const earlier = await momentOf(alice.laptop);
    await share(alice.laptop, "/Around/Box/Inner", bob);
    const meanwhile = await momentOf(alice.laptop);
    await share(alice.laptop, "/Around/Box", carol);
    for (const moment of [earlier, meanwhile]) {
      const both = await preview(alice.laptop, "/Around", moment);
      expect([both.changes, both.lost]).toEqual([[], []]);
      expect(both.left).toEqual([left("shared", "/Around/Box", "/Around/Box")]);
    }
  });
});

describe("a rewind around what was shared in between", () => {
  it("brings back what it was before, leaves what it became since, and makes nothing twice", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Home/Docs/a.txt", "a1");
    await laptop.write("/Home/Docs/gone.txt", "gone");
    await laptop.write("/Home/list.txt", "l1");
    await laptop.makeFolder("/Home/Elsewhere");
    const before = await momentOf(laptop);
    await share(laptop, "/Home/Docs", bob);
    await accept(bob.laptop);
    await share(laptop, "/Home/list.txt", bob);
    await accept(bob.laptop);
    const between = await momentOf(laptop);
    await bob.laptop.catchUp();
    await bob.laptop.write("/Docs/a.txt", "a2", { onConflict: "replace" });
    await bob.laptop.write("/Docs/bobs.txt", "bobs");
    await bob.laptop.trash("/Docs/gone.txt");
    await laptop.catchUp();
    await stop(laptop, "/Home/Docs");
    await stop(laptop, "/Home/list.txt");
    const after = await momentOf(laptop);
    await laptop.write("/Home/later.txt", "later");
    await laptop.move("/Home/Docs", { folder: "/Home/Elsewhere" });
    await laptop.trash("/Home/list.txt");
    const { files } = await laptop.drive;

    // After: like everything else.
    const undone = await files.rewind(await preview(laptop, "/Home", after));
    expect(await treeOf(laptop, "/Home")).toEqual(["Docs/", "Docs/a.txt", "Docs/bobs.txt", "Elsewhere/", "list.txt"]);
    await files.undoRewind(undone);

    // Between: it goes to its place, with what is in it now.
    const shown = await preview(laptop, "/Home", between);
    expect([shown.lost, shown.left]).toEqual([
      [],
      [left("was_shared", "/Home/Docs", "/Home/Elsewhere/Docs"), left("was_shared", "/Home/list.txt", null)],
    ]);
    const again = await files.rewind(shown);
    expect(await treeOf(laptop, "/Home")).toEqual(["Docs/", "Docs/a.txt", "Docs/bobs.txt", "Elsewhere/", "list.txt"]);
    expect(await laptop.readText("/Home/Docs/a.txt")).toBe("a2");
    expect(await laptop.readText("/Home/list.txt")).toBe("l1");
    await files.undoRewind(again);
    expect(await laptop.names("/Home/Elsewhere")).toEqual(["Docs"]);

    // Before: as if it had never been shared.
    await files.rewind(await preview(laptop, "/Home", before));
    expect(await treeOf(laptop, "/Home")).toEqual(["Docs/", "Docs/a.txt", "Docs/gone.txt", "Elsewhere/", "list.txt"]);
    expect(await laptop.readText("/Home/Docs/a.txt")).toBe("a1");
    expect(await laptop.readText("/Home/list.txt")).toBe("l1");

    // What led to something of somebody else's and does not any more is not made again: there is nothing behind it.
    const bobs = (await bob.laptop.drive).files;
    const withMount = await momentOf(bob.laptop);
    await share(laptop, "/Home/Elsewhere", bob);
    await accept(bob.laptop);
    const accepted = await momentOf(bob.laptop);
    await bob.laptop.write("/more.txt", "more");
    const rewound = await bobs.rewind(await preview(bob.laptop, "/", accepted));
    const { sharing } = await bob.laptop.drive;
    const mine = await preview(bob.laptop, "/", withMount);
    expect([mine.changes, mine.left]).toEqual([[], [left("shared", null, "/Elsewhere")]]);
    await sharing.leave(await bob.laptop.find("/Elsewhere"));
    await expect(bobs.undoRewind(rewound)).rejects.toEqual(refusedAs("rewind_outdated"));
    const lost = await preview(bob.laptop, "/", accepted);
    expect([lost.changes, lost.lost]).toEqual([[], [{ path: "/Elsewhere", reason: "shared" }]]);
    await bobs.rewind(lost, { withoutLost: true });
    expect(await bob.laptop.names("/")).not.toContain("Elsewhere");
  });
});
