import { describe, expect, it } from "vitest";
import { CanarySearch, everythingOutside, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share } from "./acts.ts";

describe("somebody who shares and deletes the account", () => {
  it("names first what others lose; what they wrote in folders of others stays, and can still be checked", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    const photo = sampleBytes(700_000, 3);
    await alice.laptop.write("/Holidays/beach.jpg", photo);
    await alice.laptop.write("/Alone/private.txt", "hers");
    await share(alice.laptop, "/Holidays", bob);
    await share(alice.laptop, "/Holidays", carol, "viewer");
    await accept(bob.laptop);
    await bob.laptop.copy("/Holidays/beach.jpg", { folder: "/" });
    await bob.laptop.write("/Work/plan.txt", "bob's");
    await share(bob.laptop, "/Work", alice);
    await accept(alice.laptop, { name: "Bob's work" });
    await alice.laptop.write("/Bob's work/from alice.bin", photo);
    const { sharing } = await alice.laptop.drive;
    const { userId } = await (await alice.laptop.account).whoami();
    expect(await sharing.farewell()).toEqual({
      lost: [{ name: "Holidays", people: expect.arrayContaining(["bob", "carol"]) }],
      left: [{ name: "Bob's work", owner: "bob" }],
      problems: [],
    });

    const bobUses = async () => (await (await bob.laptop.account).status()).remote?.usedBytes ?? 0;
    const before = await bobUses();
    await (await alice.laptop.account).deleteAccount({ password: alice.password });
    await expect(bob.laptop.names("/Holidays").then(() => bob.laptop.catchUp())).resolves.toBeUndefined();
    await expect(bob.laptop.names("/Holidays")).rejects.toEqual(refusedAs("volume_missing"));
    expect(await world.runServerCli(["storage", "gc"])).toMatchObject({ exitCode: 0 });

    // His copy counts for him now, and is still there; so is what she wrote in his folder, for a device that knows nothing yet.
    expect((await bobUses()) - before).toBeGreaterThanOrEqual(photo.length);
    const tablet = await bob.device("tablet");
    expect((await tablet.read("/beach.jpg")).equals(photo)).toBe(true);
    expect((await tablet.read("/Work/from alice.bin")).equals(photo)).toBe(true);
    const members = async () => {
      const { sharing: bobs } = await tablet.drive;
      const listed = await bobs.members(await tablet.find("/Work"));
      return listed.map(({ name, answer }) => `${name} ${answer}`).sort();
    };
    expect(await members()).toEqual(["alice left", "bob accepted"]);
    await share(tablet, "/Work", carol);
    expect(await members()).toEqual(["bob accepted", "carol invited"]);
    await expect(share(tablet, "/Work", alice)).rejects.toEqual(refusedAs("unknown_person"));

    const rows = new CanarySearch([{ name: "her id", value: userId }]).findAll(await everythingOutside(world));
    const tables = rows.map(({ where }) => /column (\w+)\./.exec(where)?.[1]).filter((table) => table !== undefined);
    // Of volumes that are still there: signed lists, and the public identity; what the log says of anybody; a notice of the day.
    expect([...new Set(tables)].filter((table) => !ALLOWED.includes(table))).toEqual([]);
  }, 180_000);
});

const ALLOWED = ["past_identities", "manifests", "audit", "invites", "notices"];
