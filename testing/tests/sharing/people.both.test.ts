import { NameTakenError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, type Person, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share, unshare } from "./acts.ts";

describe("a folder shared with one person", () => {
  it("is read and written by both, verified, and closed to who is taken off it", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const photo = sampleBytes(3_000_000, 7);
    await alice.laptop.write("/Holidays/2026/beach.jpg", photo);
    await alice.laptop.write("/Holidays/list.txt", "towels");
    await alice.laptop.write("/Holidays/list.txt", "towels, hats", { onConflict: "replace" });
    await alice.laptop.write("/private.txt", "mine");
    const before = await alice.laptop.find("/Holidays/2026/beach.jpg");

    expect(await share(alice.laptop, "/Holidays", bob)).toMatchObject({
      ...{ isNew: true, role: "editor", person: { name: "bob", verified: false } },
    });
    expect(await alice.laptop.names("/")).toEqual(["Holidays", "private.txt"]);
    expect(await alice.laptop.names("/Holidays")).toEqual(["2026", "list.txt"]);
    const after = await alice.laptop.find("/Holidays/2026/beach.jpg");
    expect([after.name, after.createdMs, after.modifiedMs]).toEqual([before.name, before.createdMs, before.modifiedMs]);
    expect(after.entry.file?.objectId).toEqual(before.entry.file?.objectId);

    const invitation = await accept(bob.laptop);
    expect(invitation).toMatchObject({ label: "Holidays", role: "editor", owner: { name: "alice", verified: false } });
    expect(await bob.laptop.names("/")).toEqual(["Holidays"]);
    expect(await bob.laptop.readText("/Holidays/list.txt")).toBe("towels, hats");
    expect((await bob.laptop.read("/Holidays/2026/beach.jpg")).equals(photo)).toBe(true);

    await bob.laptop.write("/Holidays/list.txt", "towels, hats, books", { onConflict: "replace" });
    await bob.laptop.write("/Holidays/new folder/from bob.txt", "hello");
    await bob.laptop.rename("/Holidays/2026", "August");
    await bob.laptop.move("/Holidays/list.txt", { folder: "/Holidays/August" });
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Holidays")).toEqual(["August", "new folder"]);
    expect(await alice.laptop.readText("/Holidays/August/list.txt")).toBe("towels, hats, books");
    expect(await alice.laptop.readText("/Holidays/new folder/from bob.txt")).toBe("hello");
    // Other devices of both have it, too.
    expect(await alice.phone.readText("/Holidays/new folder/from bob.txt")).toBe("hello");
    expect(await bob.phone.readText("/Holidays/new folder/from bob.txt")).toBe("hello");
    const tablet = await bob.device("tablet");
    expect(await tablet.readText("/Holidays/August/list.txt")).toBe("towels, hats, books");

    await unshare(alice.laptop, "/Holidays", bob);
    await alice.laptop.write("/Holidays/secret.txt", "not for bob");
    await bob.laptop.catchUp();
    await expect(bob.laptop.names("/Holidays")).rejects.toEqual(refusedAs("volume_missing"));
    await expect(bob.phone.write("/Holidays/x.txt", "x")).rejects.toEqual(refusedAs("volume_missing"));
    // What was written before the key changed, and after, is there for who stayed.
    await alice.phone.catchUp();
    expect(await alice.phone.readText("/Holidays/secret.txt")).toBe("not for bob");
    expect(await alice.phone.readText("/Holidays/August/list.txt")).toBe("towels, hats, books");
    const alices = await alice.device("tablet");
    expect(await alices.readText("/Holidays/secret.txt")).toBe("not for bob");
    // Bob's drive keeps only the mount, which he may put away.
    const { sharing } = await bob.laptop.drive;
    await sharing.leave(await bob.laptop.find("/Holidays"));
    expect(await bob.laptop.names("/")).toEqual([]);
    expect(await alice.laptop.names("/Holidays")).toEqual(["August", "new folder", "secret.txt"]);
  });

  it("lets a viewer look, and nothing else", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Docs/read me.txt", "words");
    await share(alice.laptop, "/Docs", bob, "viewer");
    await accept(bob.laptop);
    expect(await bob.laptop.readText("/Docs/read me.txt")).toBe("words");
    const attempts = [
      () => bob.laptop.write("/Docs/mine.txt", "x"),
      () => bob.laptop.makeFolder("/Docs/folder"),
      () => bob.laptop.rename("/Docs/read me.txt", "other.txt"),
      () => bob.laptop.trash("/Docs/read me.txt"),
      () => bob.laptop.write("/Docs/read me.txt", "y", { onConflict: "replace" }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refusedAs("read_only"));
    await share(alice.laptop, "/Docs", bob, "editor");
    await bob.laptop.catchUp();
    await bob.laptop.write("/Docs/mine.txt", "x");
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/Docs/mine.txt")).toBe("x");
  });

  it("is mounted under a name of one's own choosing, and takes nobody's place", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await bob.laptop.write("/Work/own.txt", "bob's own");
    await alice.laptop.write("/Work/hers.txt", "alice's");
    await share(alice.laptop, "/Work", bob);
    const { sharing } = await bob.laptop.drive;
    const [invitation] = await sharing.invitations();
    await expect(sharing.accept(invitation!.volumeId, { name: "Work" })).rejects.toBeInstanceOf(NameTakenError);
    expect(await sharing.accept(invitation!.volumeId)).toMatchObject({ name: "Work (2)" });
    expect(await bob.laptop.names("/Work")).toEqual(["own.txt"]);
    expect(await bob.laptop.names("/Work (2)")).toEqual(["hers.txt"]);
    await bob.laptop.rename("/Work (2)", "Alice's work");
    expect(await bob.laptop.readText("/Alice's work/hers.txt")).toBe("alice's");
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/")).toEqual(["Work"]);
  });

  it("is offered once more to who has not answered, with a new envelope, and to nobody else", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Club/rules.txt", "none");
    await share(alice.laptop, "/Club", bob, "viewer");
    const { sharing } = await alice.laptop.drive;
    const club = await alice.laptop.find("/Club");
    const rowOf = async (name: string) => (await sharing.members(club)).find((member) => member.name === name);
    const before = await rowOf("bob");
    const bobs = (await bob.laptop.drive).sharing;
    // The one that was sent with the invitation does not arrive whole.
    const { network } = bob.laptop;
    let first: string | undefined;
    network.alterJson<{ readonly envelopes: readonly string[] }>("getHead", (reply) => {
      first ??= reply.envelopes[0];
      return { ...reply, envelopes: reply.envelopes.filter((envelope) => envelope !== first) };
    });
    const problems: unknown[] = [];
    expect(await bobs.invitations({ onProblem: (problem) => problems.push(problem) })).toEqual([]);
    expect(problems).toEqual([refusedAs("volume_key")]);

    expect(await sharing.resend(club, "bob")).toMatchObject({ name: "bob" });
    expect(await rowOf("bob")).toMatchObject({ role: "viewer", answer: "invited" });
    expect((await rowOf("bob"))?.addedMs).toBeGreaterThan(before?.addedMs ?? Number.POSITIVE_INFINITY);
    expect(await accept(bob.laptop)).toMatchObject({ label: "Club", role: "viewer" });
    expect(await bob.laptop.readText("/Club/rules.txt")).toBe("none");
    await expect(sharing.resend(club, "bob")).rejects.toEqual(refusedAs("invitation_answered"));
    await expect(sharing.resend(club, "alice")).rejects.toEqual(refusedAs("invitation_answered"));
    await expect(sharing.resend(club, "carol")).rejects.toEqual(refusedAs("not_shared"));
    await share(alice.laptop, "/Club", carol, "viewer");
    const theirs = await bob.laptop.find("/Club");
    await bob.laptop.catchUp();
    await expect(bobs.resend(theirs, "carol")).rejects.toEqual(refusedAs("role"));
    const [declined] = await (await carol.laptop.drive).sharing.invitations();
    await (await carol.laptop.drive).sharing.decline(declined!.volumeId);
    await expect(sharing.resend(club, "carol")).rejects.toEqual(refusedAs("invitation_answered"));
  });

  it("can be declined, left and offered again", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Club/rules.txt", "none");
    await share(alice.laptop, "/Club", bob);
    const bobs = (await bob.laptop.drive).sharing;
    const [first] = await bobs.invitations();
    await bobs.decline(first!.volumeId);
    expect(await bobs.invitations()).toEqual([]);
    await expect(bobs.accept(first!.volumeId)).rejects.toEqual(refusedAs("no_invitation"));
    const answers = async () => {
      const { sharing } = await alice.laptop.drive;
      const members = await sharing.members(await alice.laptop.find("/Club"));
      return members.map(({ name, answer }) => `${name} ${answer}`);
    };
    expect(await answers()).toEqual(expect.arrayContaining(["alice accepted", "bob left"]));
    await share(alice.laptop, "/Club", bob);
    expect(await answers()).toEqual(expect.arrayContaining(["bob invited"]));
    await accept(bob.laptop);
    expect(await answers()).toEqual(expect.arrayContaining(["bob accepted"]));
    expect(await bob.laptop.readText("/Club/rules.txt")).toBe("none");
    await bobs.leave(await bob.laptop.find("/Club"));
    expect(await bob.laptop.names("/")).toEqual([]);
    expect(await answers()).toEqual(expect.arrayContaining(["bob left"]));
  });
});

describe("three people", () => {
  it("of every role; who came later reads what was written before, under every key", async () => {
    await using world = await World.start();
    const { alice, bob, carol, dave } = await world.people("alice", "bob", "carol", "dave");
    await alice.laptop.write("/Team/one.txt", "generation 0");
    await alice.laptop.write("/Team/untouched/since.txt", "the first key");
    await share(alice.laptop, "/Team", bob, "manager");
    await accept(bob.laptop);
    // A manager invites, and removes whom he may; that changes the key.
    await share(bob.laptop, "/Team", carol, "viewer");
    await accept(carol.laptop);
    expect(await carol.laptop.readText("/Team/one.txt")).toBe("generation 0");
    await unshare(bob.laptop, "/Team", carol);
    await bob.laptop.write("/Team/two.txt", "generation 1");
    await alice.laptop.catchUp();
    await alice.laptop.write("/Team/sub/three.txt", "generation 1, too");
    await share(alice.laptop, "/Team", carol, "editor");
    const { sharing } = await carol.laptop.drive;
    await sharing.leave(await carol.laptop.find("/Team"));
    await carol.laptop.catchUp();
    await share(alice.laptop, "/Team", carol, "editor");
    await accept(carol.phone);
    // Dave never had the first key but from the record of earlier ones.
    await bob.laptop.catchUp();
    await share(bob.laptop, "/Team", dave, "viewer");
    await accept(dave.laptop);
    for (const [path, text] of [
      ["/Team/one.txt", "generation 0"],
      ["/Team/untouched/since.txt", "the first key"],
      ["/Team/two.txt", "generation 1"],
      ["/Team/sub/three.txt", "generation 1, too"],
    ] as const)
      for (const device of [carol.phone, dave.laptop]) expect(await device.readText(path)).toBe(text);
    // What a manager may not.
    await expect(share(bob.laptop, "/Team", carol, "manager")).rejects.toEqual(refusedAs("role"));
    await expect(share(carol.phone, "/Team", bob, "viewer")).rejects.toEqual(refusedAs("role"));
    await expect(unshare(carol.phone, "/Team", bob)).rejects.toEqual(refusedAs("role"));
  });

  it("the owner hands over to one of them, who then decides; nobody else can", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/one.bin", sampleBytes(400_000, 2));
    await share(alice.laptop, "/Team", bob, "editor");
    const handOver = async (device: Device, to: string) =>
      (await device.drive).sharing.handOver(await device.find("/Team"), to);
    await expect(handOver(alice.laptop, "carol")).rejects.toEqual(refusedAs("not_shared"));
    await expect(handOver(alice.laptop, "bob")).rejects.toEqual(refusedAs("not_accepted"));
    await accept(bob.laptop);
    await bob.laptop.names("/Team");
    await expect(handOver(bob.laptop, "bob")).rejects.toEqual(refusedAs("role"));
    const used = async ({ laptop }: Person) => (await (await laptop.account).status()).remote?.usedBytes ?? 0;
    const [alices, bobs] = [await used(alice), await used(bob)];
    await handOver(alice.laptop, "bob");
    await bob.laptop.catchUp();
    expect([(await used(alice)) < alices, (await used(bob)) > bobs]).toEqual([true, true]);
    // A device that has never seen it follows the change of hands from the beginning.
    const tablet = await bob.device("tablet");
    await share(tablet, "/Team", carol, "manager");
    await expect(unshare(alice.laptop, "/Team", carol)).rejects.toEqual(refusedAs("role"));
    await alice.laptop.write("/Team/two.txt", "2");
    await (await alice.laptop.drive).sharing.leave(await alice.laptop.find("/Team"));
    await tablet.catchUp();
    expect(await tablet.readText("/Team/two.txt")).toBe("2");
    await expect((await tablet.drive).sharing.leave(await tablet.find("/Team"))).rejects.toEqual(
      refusedAs("owner_leaves"),
    );
  });

  it("two managers who change the list at once both get their way", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Team/one.txt", "1");
    await share(alice.laptop, "/Team", bob, "manager");
    await accept(bob.laptop);
    await bob.laptop.names("/Team");
    await Promise.all([share(alice.laptop, "/Team", carol, "viewer"), share(bob.laptop, "/Team", carol, "viewer")]);
    await Promise.all([
      unshare(alice.laptop, "/Team", carol).catch((error: unknown) => error),
      share(bob.laptop, "/Team", carol, "editor").catch((error: unknown) => error),
    ]);
    const { sharing } = await alice.laptop.drive;
    const members = await sharing.members(await alice.laptop.find("/Team"));
    expect(members.map(({ name }) => name).sort()).toEqual(
      members.length === 3 ? ["alice", "bob", "carol"] : ["alice", "bob"],
    );
    await bob.laptop.catchUp();
    await bob.laptop.write("/Team/two.txt", "2");
    await alice.laptop.catchUp();
    expect(await alice.laptop.readText("/Team/two.txt")).toBe("2");
  });
});

describe("while a folder is being shared", () => {
  it("what another device changes in it is not lost", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Busy/inner/one.txt", "1");
    await alice.phone.names("/Busy");
    let times = 0;
    alice.laptop.network.interfere("createVolume", async (_exchange, ask) => {
      times += 1;
      if (times === 1) await alice.phone.write("/Busy/inner/two.txt", "2");
      if (times === 2) await alice.phone.rename("/Busy/inner/one.txt", "uno.txt");
      return await ask();
    });
    await share(alice.laptop, "/Busy", bob);
    expect(times).toBe(3);
    await accept(bob.laptop);
    expect(await bob.laptop.names("/Busy/inner")).toEqual(["two.txt", "uno.txt"]);
    await alice.phone.catchUp();
    expect(await alice.phone.names("/Busy/inner")).toEqual(["two.txt", "uno.txt"]);
    // What was prepared in vain is nobody's but hers, and goes by itself.
    const listed = await (await bob.laptop.drive).sharing.invitations();
    expect(listed).toEqual([]);
  });
});

describe("what is not shared", () => {
  it("with oneself, with nobody, the root, the trash", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Folder/inner/file.txt", "x");
    await laptop.write("/Gone/file.txt", "x");
    const { sharing } = await laptop.drive;
    const to = (person: string) => ({ person, role: "viewer" }) as const;
    const folder = await laptop.find("/Folder");
    await expect(sharing.share(folder, to("alice"))).rejects.toEqual(refusedAs("not_shareable"));
    await expect(sharing.share(folder, to("nobody-here"))).rejects.toEqual(refusedAs("unknown_person"));
    await expect(sharing.share(null, to("bob"))).rejects.toEqual(refusedAs("not_shareable"));
    await laptop.trash("/Gone");
    const gone = (await laptop.trashed()).get("Gone")!;
    await expect(sharing.share(gone, to("bob"))).rejects.toEqual(refusedAs("not_shareable"));
    await world.runServerCli(["user", "disable", "bob"]);
    await expect(sharing.share(folder, to("bob"))).rejects.toEqual(refusedAs("unknown_person"));
    await world.runServerCli(["user", "enable", "bob"]);
    expect(await laptop.names("/Folder/inner")).toEqual(["file.txt"]);
  });

  it("and what is shared is not thrown away, copied or moved like another folder", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Folder/inner/file.txt", "x");
    await share(laptop, "/Folder/inner", bob);
    await expect(laptop.trash("/Folder/inner")).rejects.toEqual(refusedAs("shared_folder"));
    await expect(laptop.copy("/Folder/inner", { folder: "/" })).rejects.toEqual(refusedAs("shared_folder"));
    await expect(laptop.copy("/Folder", { folder: "/", name: "Copy" })).rejects.toEqual(refusedAs("shared_inside"));
    await laptop.trash("/Folder");
    const { files } = await laptop.drive;
    const [trashed] = (await files.listTrashed()).items;
    expect(trashed?.fromPath).toBe("/");
    await expect(files.deleteForGood([(await laptop.trashed()).get("Folder")!])).rejects.toEqual(
      refusedAs("shared_inside"),
    );
    await files.restore((await laptop.trashed()).get("Folder")!);
    expect(await laptop.readText("/Folder/inner/file.txt")).toBe("x");
    await laptop.move("/Folder/inner", { folder: "/" });
    expect(await laptop.readText("/inner/file.txt")).toBe("x");
  });
});

describe("between volumes", () => {
  it("things are copied and moved, and nothing is lost on the way", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Shared/start.txt", "s");
    await share(alice.laptop, "/Shared", bob);
    await accept(bob.laptop);
    await bob.laptop.write("/mine/sub/a.txt", "a");
    await bob.laptop.write("/mine/b.txt", "b");
    await bob.laptop.copy("/mine", { folder: "/Shared" });
    await bob.laptop.move("/mine/b.txt", { folder: "/Shared", name: "moved.txt" });
    expect(await bob.laptop.names("/mine")).toEqual(["sub"]);
    expect([...(await bob.laptop.trashed()).keys()]).toEqual(["b.txt"]);
    await alice.laptop.catchUp();
    expect(await alice.laptop.names("/Shared")).toEqual(["mine", "moved.txt", "start.txt"]);
    expect(await alice.laptop.readText("/Shared/mine/sub/a.txt")).toBe("a");
    expect(await alice.laptop.readText("/Shared/moved.txt")).toBe("b");
    await bob.laptop.copy("/Shared/start.txt", { folder: "/" });
    await unshare(alice.laptop, "/Shared", bob);
    // What he took into his own drive is his.
    expect(await bob.laptop.readText("/start.txt")).toBe("s");
    const there = await world.localFolder("there");
    await alice.laptop.getTree("/", there);
    expect((await alice.laptop.trashed()).size).toBe(0);
    await alice.laptop.trash("/Shared/mine");
    expect([...(await alice.laptop.trashed()).keys()]).toEqual(["mine"]);
    // Also to a program that has just begun, and knows nothing of the folder yet.
    const { files } = await alice.phone.drive;
    expect((await files.listTrashed()).items.map(({ fromPath }) => fromPath)).toEqual(["/Shared"]);
    await (await alice.laptop.drive).files.restore((await alice.laptop.trashed()).get("mine")!);
    expect(await alice.laptop.names("/Shared")).toEqual(["mine", "moved.txt", "start.txt"]);
  });
});
