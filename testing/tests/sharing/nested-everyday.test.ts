import { describe, expect, it } from "vitest";
import { World } from "../../src/index.ts";
import { accept, refusedAs, share, stop, unshare } from "./acts.ts";

describe("what lies in a shared folder inside a shared folder", () => {
  it("is found, moved, copied, thrown away, brought back, rewound and examined like everything else", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/Plans/deep/plan.txt", "p");
    await alice.laptop.write("/Team/Plans/old.txt", "o");
    await share(alice.laptop, "/Team", bob);
    await accept(bob.laptop);
    await share(alice.laptop, "/Team/Plans", carol);
    await accept(carol.laptop);

    // A program that has listed nothing yet.
    const laptop = await world.restartDevice(bob.laptop);
    const { search } = await laptop.drive;
    const { items } = await search.find({ text: "plan", order: { by: "name", isDescending: false }, limit: 9 });
    expect(items.map(({ path, name }) => [...path.map((step) => step.name), name].join("/"))).toEqual([
      ...["Team/Plans", "Team/Plans/deep/plan.txt"],
    ]);
    const again = await world.restartDevice(laptop);
    const deep = items.find(({ name }) => name === "plan.txt")!.parentId;
    expect(await (await again.drive).files.pathOf(deep)).toBe("/Team/Plans/deep");

    const mount = await again.find("/Team/Plans");
    const { volume } = await (await again.drive).volumes.place(mount.childId);
    const timeMs = volume.headTimeMs;
    await again.trash("/Team/Plans/old.txt");
    await again.write("/Team/Plans/new.txt", "n");
    await again.copy("/Team/Plans/deep", { folder: "/Team", name: "copy" });
    await again.copy("/Team/Plans/deep", { folder: "/" });
    await again.move("/Team/Plans/new.txt", { folder: "/Team" });
    expect(await again.readText("/Team/copy/plan.txt")).toBe("p");
    expect([await again.names("/Team"), await again.names("/Team/Plans"), await again.names("/")]).toEqual([
      ...[["Plans", "copy", "new.txt"], ["deep"], ["Team", "deep"]],
    ]);
    const trashed = [...(await again.trashed()).keys()].sort();
    expect(trashed).toEqual(["new.txt", "old.txt"]);
    const fresh = (await again.drive).files;
    await fresh.restore((await again.trashed()).get("old.txt")!);
    expect(await again.names("/Team/Plans")).toEqual(["deep", "old.txt"]);
    await again.rename("/Team/Plans/deep", "deeper");
    await fresh.rewind(await fresh.previewRewind({ folderId: mount.childId, timeMs }));
    expect(await again.names("/Team/Plans")).toEqual(["deep", "old.txt"]);
    expect((await (await again.drive).repair.examine({ contents: true })).findings).toEqual([]);
    for (const what of ["trash", "copy"] as const) {
      const act = what === "trash" ? again.trash("/Team/Plans") : again.copy("/Team/Plans", { folder: "/" });
      await expect(act).rejects.toEqual(refusedAs("shared_folder"));
    }
    const local = await world.localFolder("got");
    await again.getTree("/Team", local);
    await carol.laptop.catchUp();
    expect(await carol.laptop.names("/Plans")).toEqual(["deep", "old.txt"]);
  });

  it("is not lost to whoever is in it and was taken off what is around it: it comes into their own drive", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/Plans/plan.txt", "p");
    await share(alice.laptop, "/Team", bob, "manager");
    await accept(bob.laptop);
    await share(bob.laptop, "/Team/Plans", carol, "viewer");
    const alices = (await alice.laptop.drive).sharing;
    // Whose it is cannot be taken off it, and that is said before.
    await accept(alice.laptop);
    const left = { changed: [], unchanged: [{ name: "Plans", reason: "role" }] };
    expect(await alices.inside(await alice.laptop.find("/Team"), ["bob"])).toEqual(left);
    const unshared = await world.runCli(alice.laptop.home, ["unshare", "/Team", "bob"]);
    expect([unshared.exitCode, unshared.stderr]).toEqual([2, expect.stringContaining("Plans stays as it is")]);
    const meant = await world.runCli(alice.laptop.home, ["unshare", "/Team", "bob", "--yes", "--json"]);
    expect([meant.exitCode, JSON.parse(meant.stdout)]).toEqual([0, expect.objectContaining({ inside: left })]);

    const laptop = await world.restartDevice(bob.laptop);
    await expect(laptop.names("/Team")).rejects.toEqual(refusedAs("volume_missing"));
    const { sharing } = await laptop.drive;
    expect((await sharing.folders()).map(({ item, view }) => [item.name, view?.role])).toEqual([
      ...[
        ["Team", undefined],
        ["Plans", "owner"],
      ],
    ]);
    expect(await laptop.names("/")).toEqual(["Plans", "Team"]);
    expect(await laptop.readText("/Plans/plan.txt")).toBe("p");
    await sharing.folders();
    expect(await laptop.names("/")).toEqual(["Plans", "Team"]);

    // Alice has it where it stands; when he ends it, the entry that is left leads nowhere, and she takes it out.
    expect(await alice.laptop.readText("/Team/Plans/plan.txt")).toBe("p");
    await unshare(laptop, "/Plans", carol);
    await stop(laptop, "/Plans");
    await alice.laptop.catchUp();
    await expect(alice.laptop.names("/Team/Plans")).rejects.toEqual(refusedAs("volume_missing"));
    await alices.leave(await alice.laptop.find("/Team/Plans"));
    expect(await alice.laptop.names("/Team")).toEqual([]);
  });

  it("lets in whoever takes up an invitation to what is around it; where it is kept closed, they are named", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/Plans/plan.txt", "p");
    await share(alice.laptop, "/Team/Plans", carol);
    // Hers alone to decide about.
    await carol.laptop.write("/Carols/c.txt", "c");
    await share(carol.laptop, "/Carols", alice);
    await accept(alice.laptop);
    await alice.laptop.move("/Carols", { folder: "/Team" });
    await share(alice.laptop, "/Team", carol);
    const { links, claims, sharing } = await alice.laptop.drive;
    const { address } = await links.invite(await alice.laptop.find("/Team"), { role: "viewer" });
    await (await bob.laptop.drive).claims.take({ address: address!, client: "cli" });
    const problems: unknown[] = [];
    const welcomed = await claims.settle({ onProblem: (error) => problems.push(error) });
    const inside = { changed: ["Plans"], unchanged: [{ name: "Carols", reason: "role" }] };
    expect([problems, welcomed]).toEqual([[], [expect.objectContaining({ name: "bob", inside })]]);
    const listed = await world.runCli(alice.laptop.home, ["members", "/Team"]);
    expect(listed.stdout).toContain("Carols, shared inside, is not open to bob.");
    const members = await sharing.members(await alice.laptop.find("/Team/Plans"));
    expect(members.map(({ name, role }) => `${name} ${role}`).sort()).toEqual([
      ...["alice owner", "bob viewer", "carol editor"],
    ]);
    await accept(bob.laptop);
    expect(await bob.laptop.readText("/Team/Plans/plan.txt")).toBe("p");
  });
});
