import { expect, it } from "vitest";
import { World } from "../../src/index.ts";

it("shared folders are listed wherever they lie, with what they are to this person; one that ended says so", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/a/b/Deep/one.txt", "1");
  const { sharing } = await alice.laptop.drive;
  await sharing.share(await alice.laptop.find("/a/b/Deep"), { person: "bob", role: "viewer" });
  const bobs = await bob.laptop.drive;
  expect(await bobs.sharing.folders()).toEqual([]);
  const [invitation] = await bobs.sharing.invitations();
  await bobs.sharing.accept(invitation!.volumeId, { name: "From alice" });
  expect(await bobs.sharing.folders()).toEqual([
    expect.objectContaining({
      item: expect.objectContaining({ name: "From alice" }),
      view: { role: "viewer", owner: { name: "alice", verified: false }, others: ["alice"] },
    }),
  ]);
  // A device that has listed nothing yet finds it, however deep it lies.
  const tablet = await alice.device("tablet");
  const [own] = await (await tablet.drive).sharing.folders();
  expect([own?.item.name, own?.view?.role, own?.view?.others]).toEqual(["Deep", "owner", ["bob"]]);

  let changes = 0;
  const end = bobs.volumes.onChange(() => {
    changes += 1;
  });
  await alice.laptop.write("/a/b/Deep/two.txt", "2");
  await bob.laptop.catchUp();
  expect(changes).toBe(1);
  await sharing.remove(await alice.laptop.find("/a/b/Deep"), ["bob"]);
  await bobs.volumes.catchUp(() => undefined);
  expect(changes).toBe(2);
  end();
  const [gone] = await bobs.sharing.folders();
  expect(gone).toMatchObject({ view: undefined, problem: { code: "volume_missing" } });
});
