import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity, signIdentity } from "@excalibur/core/identity";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { handOf } from "../../src/attacks/index.ts";
import { World } from "../../src/index.ts";
import { refusedAs, share } from "./acts.ts";

describe("a contact link", () => {
  it("makes somebody known and verified without comparing digits, on every device", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    const { sharing } = await alice.laptop.drive;
    const link = await (await bob.laptop.drive).sharing.contactLink();
    const { fingerprint } = await (await bob.laptop.account).whoami();
    expect(link).toMatch(new RegExp(`^${world.origin}/c/bob#1\\.[\\w-]{43}$`));

    // Whose it is, before anything is remembered.
    expect(await sharing.followContactLink(link)).toMatchObject({ name: "bob", fingerprint, verified: true });
    expect(sharing.contacts()).toEqual([]);
    expect(await sharing.addContact(`\n${link} `)).toMatchObject({ name: "bob", verified: true, changed: false });
    await alice.laptop.makeFolder("/Folder");
    expect(await share(alice.laptop, "/Folder", bob)).toMatchObject({ person: { name: "bob", verified: true } });
    await (await alice.phone.account).refresh();
    expect((await alice.phone.drive).sharing.contacts()).toMatchObject([{ name: "bob", verified: true }]);

    // Who was met without one is verified by it.
    await share(alice.laptop, "/Folder", carol);
    const ofCarol = await (await carol.laptop.drive).sharing.contactLink();
    expect(sharing.contacts()).toMatchObject([{ verified: true }, { name: "carol", verified: false }]);
    await sharing.addContact(ofCarol);
    expect(sharing.contacts()).toMatchObject([{ verified: true }, { name: "carol", verified: true }]);
  });

  it("is nobody's on another server, of no use to oneself, and says what it is not", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { sharing } = await alice.laptop.drive;
    const link = await (await bob.laptop.drive).sharing.contactLink();
    const reason = (of: string) => expect.objectContaining({ code: "bad_contact_link", details: { reason: of } });
    await expect(sharing.addContact("bob")).rejects.toEqual(reason("form"));
    await expect(sharing.addContact(await sharing.contactLink())).rejects.toEqual(reason("oneself"));
    // The same server under another address is the same: its people have their keys nowhere else.
    const elsewhere = (address: string) => address.replace(world.origin, "https://other.example.org");
    expect(await sharing.followContactLink(elsewhere(link))).toMatchObject({ name: "bob", verified: true });
    await expect(sharing.addContact(elsewhere(await sharing.contactLink()))).rejects.toEqual(reason("oneself"));
    const ofNobody = link.replace("/c/bob", "/c/nobody-here");
    await expect(sharing.addContact(ofNobody)).rejects.toEqual(refusedAs("unknown_person"));
    await expect(sharing.addContact(elsewhere(ofNobody))).rejects.toEqual(reason("server"));
    const otherKeys = link.replace(/#1\..{4}/, "#1.AAAA");
    await expect(sharing.addContact(elsewhere(otherKeys))).rejects.toEqual(reason("server"));
    await expect(sharing.addContact(otherKeys)).rejects.toEqual(refusedAs("contact_link_mismatch"));
    await expect(sharing.addContact(link.replace("#1.", "#2."))).rejects.toEqual(refusedAs("unsupported"));
    expect(sharing.contacts()).toEqual([]);
  });

  it("that is older than somebody's keys knows them, not verified, if they signed the change", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { sharing } = await alice.laptop.drive;
    const link = await (await bob.laptop.drive).sharing.contactLink();
    const { signatureSeed } = await handOf(bob.laptop);
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    alice.laptop.network.alterJson<{ readonly records: readonly string[] }>("lookUpPerson", ({ records, ...rest }) => {
      const record = decodeIdentity(fromBase64Url(records[0]!));
      const next = signIdentity({
        ...{ userId: record.userId, signatureSeed: randomBytes(32), sealingKey, createdMs: 2, name: "bob" },
        previous: { record, signatureSeed },
      });
      return { ...rest, records: [...records, toBase64Url(next)] };
    });
    expect(await sharing.addContact(link)).toMatchObject({ name: "bob", verified: false, changed: true });
    expect(sharing.contacts()).toMatchObject([{ name: "bob", verified: false }]);
  });

  it("is printed, also for a camera, and followed, by the command line", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const address = await (await bob.laptop.drive).sharing.contactLink();
    const printed = await world.runCli(bob.laptop.home, ["contact", "link"]);
    expect([printed.exitCode, printed.stdout]).toEqual([0, `${address}\n`]);
    const drawn = await world.runCli(bob.laptop.home, ["contact", "link", "--qr"]);
    expect(drawn.stdout).toMatch(/^http.*\n[█▀▄ \n]{300,}$/);
    const added = await world.runCli(alice.laptop.home, ["contact", "add", address]);
    expect([added.exitCode, added.stdout]).toEqual([0, "bob is verified.\n"]);
    const wrong = await world.runCli(alice.laptop.home, ["contact", "add", address.slice(0, -1), "--json"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("bad_contact_link")]);
    const other = address.replace(/#1\..{4}/, "#1.AAAA");
    const lied = await world.runCli(alice.laptop.home, ["contact", "add", other, "--json"]);
    expect([lied.exitCode, lied.stderr]).toEqual([3, expect.stringContaining("contact_link_mismatch")]);
  });
});
