import { type FoundInvitation, type LinkInfo, type NewInvitation, visitLink } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { accept, refusedAs, share } from "./acts.ts";

type Invitation = LinkInfo & { readonly address: string };

async function invite(device: Device, path: string, wish: NewInvitation = {}): Promise<Invitation> {
  const { links } = await device.drive;
  return (await links.invite(await device.find(path), wish)) as Invitation;
}

async function take(device: Device, { address }: Pick<Invitation, "address">): Promise<FoundInvitation> {
  const { claims } = await device.drive;
  return await claims.take({ address, client: "cli" });
}

async function settle(device: Device) {
  const { claims } = await device.drive;
  const problems: unknown[] = [];
  const welcomed = await claims.settle({ onProblem: (error) => problems.push(error) });
  return { names: welcomed.map(({ name }) => name), problems };
}

async function membersOf(device: Device, path: string): Promise<string[]> {
  const { sharing } = await device.drive;
  return (await sharing.members(await device.find(path))).map(({ name, role }) => `${name} ${role}`).sort();
}

describe("an invitation for somebody without an account", () => {
  it("shows what it is, and makes whoever takes it up a member in its place when a device of the inviter's is there", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/photos/sea.txt", "sand");
    const invitation = await invite(alice.laptop, "/photos", { label: "for bob", role: "editor" });
    expect(invitation).toMatchObject({ isInvitation: true, isClaimed: false, state: "open", role: "editor" });
    const { address } = invitation;

    // Without any account: it is looked at like a link, and tells who has made it.
    const visit = await visitLink(bob.laptop.ports, { address, client: "web" });
    expect(visit).toMatchObject({ label: "photos", role: "editor", invitation: { by: { name: "alice" } } });
    await visit.close();

    const found = await take(bob.laptop, invitation);
    expect(found).toMatchObject({ label: "photos", role: "editor", isInside: false, by: { name: "alice" } });
    expect(found.by.fingerprint).toBe((await (await alice.laptop.account).whoami()).fingerprint);
    // Asked twice, because the answer was not heard; somebody else is too late.
    await take(bob.laptop, invitation);
    await expect(take(carol.laptop, invitation)).rejects.toEqual(refusedAs("link_claimed"));
    const bobs = await bob.laptop.drive;
    expect(await bobs.claims.waiting()).toEqual([expect.objectContaining({ id: invitation.id, invitedBy: "alice" })]);
    expect(await bobs.sharing.invitations()).toEqual([]);
    expect(await membersOf(alice.laptop, "/photos")).toEqual(["alice owner"]);
    const { links } = await alice.laptop.drive;
    expect(await links.show(invitation.id)).toMatchObject({ isClaimed: true });

    expect(await settle(alice.phone)).toEqual({ names: ["bob"], problems: [] });
    expect(await membersOf(alice.laptop, "/photos")).toEqual(["alice owner", "bob editor"]);
    expect(await bobs.claims.waiting()).toEqual([]);
    expect((await accept(bob.laptop)).role).toBe("editor");
    await bob.laptop.write("/photos/mine.txt", "shells");
    await alice.phone.catchUp();
    expect(await alice.phone.readText("/photos/mine.txt")).toBe("shells");
    // It was used: it opens nothing any more, and its key is of the generation before.
    await expect(visitLink(carol.laptop.ports, { address, client: "web" })).rejects.toEqual(refusedAs("link_revoked"));
    expect(await settle(alice.laptop)).toEqual({ names: [], problems: [] });
    // The keys came by the address, and nobody has compared them.
    expect((await alice.phone.drive).sharing.contacts()).toEqual([
      expect.objectContaining({ name: "bob", verified: false }),
    ]);
    expect(await links.list()).toEqual([]);
  });

  it("to a single file is one like to a folder", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/report.txt", "first");
    const invitation = await invite(alice.laptop, "/report.txt", { role: "editor" });
    expect(await take(bob.laptop, invitation)).toMatchObject({ label: "report.txt", role: "editor" });
    expect(await settle(alice.laptop)).toEqual({ names: ["bob"], problems: [] });
    await accept(bob.laptop);
    expect(await bob.laptop.readText("/report.txt")).toBe("first");
  });

  it("is settled by another manager, too, and by only one of two who do so at once", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/plans/one.txt", "1");
    await share(alice.laptop, "/plans", carol, "manager");
    await accept(carol.laptop);
    const invitation = await invite(alice.laptop, "/plans");
    await take(bob.laptop, invitation);
    const [first, second] = await Promise.all([settle(carol.laptop), settle(alice.laptop)]);
    expect([...first.problems, ...second.problems]).toEqual([]);
    expect(await membersOf(alice.laptop, "/plans")).toEqual(["alice owner", "bob viewer", "carol manager"]);
    const { sharing } = await carol.laptop.drive;
    const bobs = (await sharing.members(await carol.laptop.find("/plans"))).filter(({ name }) => name === "bob");
    expect(bobs).toEqual([expect.objectContaining({ answer: "invited" })]);
    expect((await accept(bob.laptop)).role).toBe("viewer");
    expect(String(await bob.laptop.read("/plans/one.txt"))).toBe("1");
  });

  it("that was withdrawn, has expired, or is none lets nobody in; nor does it take the place of who is there", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/plans/one.txt", "1");
    const { links } = await alice.laptop.drive;
    const withdrawn = await invite(alice.laptop, "/plans");
    await links.revoke(withdrawn.id);
    await expect(take(bob.laptop, withdrawn)).rejects.toEqual(refusedAs("link_revoked"));
    const expired = await invite(alice.laptop, "/plans");
    await links.change(expired.id, { expiresMs: 1 });
    await expect(take(bob.laptop, expired)).rejects.toEqual(refusedAs("link_expired"));
    const link = (await links.create(await alice.laptop.find("/plans"))) as Invitation;
    await expect(take(bob.laptop, link)).rejects.toEqual(refusedAs("not_an_invitation"));
    const open = await invite(alice.laptop, "/plans");
    await expect(take(alice.laptop, open)).rejects.toEqual(refusedAs("already_inside"));
    // Withdrawn after it was taken up: who waited waits no more, and is not in.
    await take(bob.laptop, open);
    await links.revoke(open.id);
    expect(await settle(alice.laptop)).toEqual({ names: [], problems: [] });
    expect(await (await bob.laptop.drive).claims.waiting()).toEqual([]);
    // Withdrawn on another device in the very moment in which this one lets somebody in.
    const last = await invite(alice.laptop, "/plans");
    await take(bob.laptop, last);
    let isWithdrawn = false;
    alice.laptop.network.interfere("postCommit", async (_, ask) => {
      const elsewhere = isWithdrawn ? undefined : (await alice.phone.drive).links;
      isWithdrawn = true;
      await elsewhere?.revoke(last.id);
      return await ask();
    });
    expect(await settle(alice.laptop)).toEqual({ names: [], problems: [] });
    alice.laptop.network.behave();
    expect(isWithdrawn).toBe(true);
    expect(await membersOf(alice.laptop, "/plans")).toEqual(["alice owner"]);
  });

  it("is not lost when an answer is, at any step", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/plans/one.txt", "1");
    const invitation = await invite(alice.laptop, "/plans");
    const { network } = bob.laptop;
    network.interfere("claimLink", async (_, ask) => {
      await ask();
      return { status: 400, headers: {}, body: new Uint8Array() };
    });
    await expect(take(bob.laptop, invitation)).rejects.toThrow();
    network.behave();
    await take(bob.laptop, invitation);
    // The list was changed, and the device that did it did not hear so.
    alice.laptop.network.interfere("postCommit", async (_, ask) => {
      await ask();
      return { status: 400, headers: {}, body: new Uint8Array() };
    });
    expect(await settle(alice.laptop)).toEqual({ names: ["bob"], problems: [] });
    alice.laptop.network.behave();
    expect(await settle(alice.phone)).toEqual({ names: [], problems: [] });
    expect(await membersOf(alice.phone, "/plans")).toEqual(["alice owner", "bob viewer"]);
    expect((await accept(bob.laptop)).role).toBe("viewer");
  });
});
