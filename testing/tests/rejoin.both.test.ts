import type { Rejoin, RejoinResult } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, type Person, World } from "../src/index.ts";

/** As `excalibur rejoin` does: the password, and the question. */
async function askOn(person: Person, device: Device): Promise<Rejoin | undefined> {
  const account = await device.excalibur.signIn({
    ...{ name: person.name, password: person.password, server: device.server },
    ...{ deviceName: "again", client: "cli", mergeKeyring: true },
  });
  device.use(account);
  return await account.askRejoin();
}

async function rejoinOn(person: Person, device: Device): Promise<RejoinResult> {
  const question = await askOn(person, device);
  return await question!.goOn();
}

async function headOf(device: Device): Promise<string> {
  return Buffer.from((await device.drive).volume.head.hash).toString("hex");
}

describe("a server that was honestly set back (D6)", () => {
  it("gets again, as it was signed, what a device still has, and nobody notices anything", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/letters/first.txt", "the first");
    await phone.catchUp();
    const backup = await world.backUp();
    await laptop.makeFolder("/made since");
    await laptop.move("/letters/first.txt", { folder: "/made since", name: "moved.txt" });
    await laptop.copy("/made since/moved.txt", { folder: "/" });
    await phone.catchUp();
    const head = await headOf(laptop);
    await world.restore(backup);
    await expect(laptop.catchUp()).rejects.toMatchObject({ code: "rollback" });

    const question = (await askOn(alice, laptop))!;
    expect(question.question).toMatchObject({
      lostCommits: 3,
      wentOn: false,
      lost: { unreadablePages: 0, returned: 0 },
    });
    expect(question.question.lost.items.map(({ kind, path }) => [kind, path]).sort()).toEqual([
      ["added", "/made since"],
      ["added", "/moved.txt"],
      ["moved", "/made since/moved.txt"],
    ]);
    expect(await question.goOn()).toMatchObject({ resent: 3, gaveUp: false, lost: [], left: [] });
    expect(await headOf(laptop)).toBe(head);
    await phone.catchUp();
    expect(await headOf(phone)).toBe(head);
    expect(await phone.readText("/moved.txt")).toBe("the first");
    expect(await askOn(alice, laptop)).toBeUndefined();
  });

  it("is gone on from after that, what is lost by name and the rest put back; every device comes along", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/letters/first.txt", "the first");
    await laptop.write("/letters/second.txt", "the second");
    await laptop.write("/letters/plan.txt", "a plan");
    const old = await alice.device("old tablet");
    await old.catchUp();
    const backup = await world.backUp();
    await laptop.makeFolder("/made before the photo");
    await laptop.write("/photo.jpg", "a photo that only the server had");
    await laptop.move("/letters/first.txt", { folder: "/", name: "moved.txt" });
    await laptop.makeFolder("/album/2026");
    await laptop.copy("/letters/second.txt", { folder: "/album/2026" });
    await laptop.write("/letters/plan.txt", "another plan", { onConflict: "replace" });
    await laptop.trash("/letters/second.txt");
    for (const path of ["/", "/letters", "/album"]) await phone.names(path);
    await phone.catchUp();
    await world.restore(backup);
    for (const device of [laptop, phone]) await expect(device.catchUp()).rejects.toMatchObject({ code: "rollback" });

    const result = await rejoinOn(alice, laptop);
    expect(result).toMatchObject({ resent: 1, gaveUp: true, left: [] });
    expect(result.lost.map(({ path }) => path).sort()).toEqual(["/letters/plan.txt", "/photo.jpg"]);
    expect(await laptop.names("/")).toEqual(["album", "letters", "made before the photo", "moved.txt"]);
    expect(await laptop.readText("/album/2026/second.txt")).toBe("the second");
    expect(await laptop.names("/letters")).toEqual(["plan.txt"]);
    expect(await laptop.readText("/letters/plan.txt")).toBe("a plan");
    expect([...(await laptop.trashed()).keys()]).toEqual(["second.txt"]);

    // Who has seen nothing of what is gone follows by himself.
    await old.catchUp();
    expect(await headOf(old)).toBe(await headOf(laptop));
    expect(await old.readText("/moved.txt")).toBe("the first");
    // Who has is told, and agrees: his head is listed, so no second ceremony is signed.
    await expect(phone.catchUp()).rejects.toMatchObject({ code: expect.stringMatching(/^(fork|rollback)$/) });
    await expect(phone.makeFolder("/by the phone")).rejects.toMatchObject({
      code: expect.stringMatching(/^(fork|rollback)$/),
    });
    const agreed = await rejoinOn(alice, phone);
    expect(agreed.gaveUp).toBe(true);
    expect(agreed.lost.map(({ path }) => path)).toContain("/photo.jpg");
    await phone.write("/photo.jpg", "the photo again");
    for (const device of [laptop, old]) await device.catchUp();
    expect(await headOf(old)).toBe(await headOf(phone));
    expect(await laptop.readText("/photo.jpg")).toBe("the photo again");
    // The floor of a fresh device is the new history.
    const fresh = await alice.device("fresh tablet");
    expect(await fresh.names("/")).toEqual(await laptop.names("/"));
  });

  it("and went on with others (D7): both are kept, nothing that is there is moved or replaced", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/letters/first.txt", "the first");
    await phone.catchUp();
    const backup = await world.backUp();
    await laptop.makeFolder("/of the laptop");
    await laptop.copy("/letters/first.txt", { folder: "/of the laptop" });
    await laptop.rename("/letters/first.txt", "renamed by the laptop.txt");
    await world.restore(backup);
    await phone.makeFolder("/of the phone");
    await phone.makeFolder("/of the phone/inner");
    await phone.rename("/letters/first.txt", "renamed by the phone.txt");
    await expect(laptop.catchUp()).rejects.toMatchObject({ code: "fork" });

    const result = await rejoinOn(alice, laptop);
    expect(result).toMatchObject({ resent: 0, gaveUp: true, lost: [], left: ["/letters/renamed by the laptop.txt"] });
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["letters", "of the laptop", "of the phone"]);
    expect(await phone.names("/letters")).toEqual(["renamed by the phone.txt"]);
    expect(await phone.readText("/of the laptop/first.txt")).toBe("the first");
    expect(await headOf(laptop)).toBe(await headOf(phone));
  });

  it("needs a device that remembers, and nothing but the ceremony clears it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/a.txt", "a");
    const backup = await world.backUp();
    await laptop.write("/b.txt", "b");
    await world.restore(backup);
    // Signing in again, restarting and asking clear nothing; neither does a question without an answer.
    const question = await askOn(alice, laptop);
    expect(question?.question.lost.items).toMatchObject([{ kind: "added", path: "/b.txt" }]);
    const again = await world.restartDevice(laptop);
    await expect(again.names("/")).rejects.toMatchObject({ code: "rollback" });
    const tablet = await alice.newDevice("tablet");
    await alice.signIn(tablet, "tablet");
    await expect((await tablet.account).askRejoin()).rejects.toMatchObject({
      code: "rejoin_impossible",
      details: { reason: "no_memory" },
    });
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["a.txt"]);
  });
});

it("what was shared since the backup is a folder again, with what was in it then (D6)", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/Holidays/list.txt", "towels");
  const backup = await world.backUp();
  const { sharing } = await alice.laptop.drive;
  await sharing.share(await alice.laptop.find("/Holidays"), { person: "bob", role: "editor" });
  const bobs = (await bob.laptop.drive).sharing;
  await bobs.accept((await bobs.invitations())[0]!.volumeId);
  await alice.laptop.makeFolder("/made since");
  await world.restore(backup);
  expect(await rejoinOn(alice, alice.laptop)).toMatchObject({ gaveUp: true, lost: [], left: ["/Holidays"] });
  expect(await alice.laptop.names("/")).toEqual(["Holidays", "made since"]);
  expect(await alice.laptop.readText("/Holidays/list.txt")).toBe("towels");
  expect(await rejoinOn(bob, bob.laptop)).toMatchObject({ gaveUp: true, left: ["/Holidays"] });
  expect(await bob.laptop.names("/")).toEqual([]);
  const again = (await alice.laptop.drive).sharing;
  await again.share(await alice.laptop.find("/Holidays"), { person: "bob", role: "editor" });
  const invited = (await bob.laptop.drive).sharing;
  await invited.accept((await invited.invitations())[0]!.volumeId);
  expect(await bob.laptop.readText("/Holidays/list.txt")).toBe("towels");
});
