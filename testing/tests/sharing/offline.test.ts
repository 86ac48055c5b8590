import { Excalibur } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { accept, refusedAs, share, unshare } from "./acts.ts";

/** The program on a device starts again, as one that opens from memory and stays open. */
async function startAgain(world: World, before: Device): Promise<Device> {
  const device = await world.restartDevice(before);
  device.use(await new Excalibur(device.ports, { opensFromMemory: true }).open());
  return device;
}

describe("a shared folder without a connection", () => {
  it("is readable as this device knew it last, catches up by itself, and stays closed once it was closed", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Trip/Days/first.txt", "one");
    await alice.laptop.write("/Trip/Unseen/never.txt", "looked at");
    await share(alice.laptop, "/Trip", bob);
    await accept(bob.laptop);
    expect(await bob.laptop.names("/Trip/Days")).toEqual(["first.txt"]);

    await world.stopServer();
    let laptop = await startAgain(world, bob.laptop);
    expect(await laptop.names("/Trip")).toEqual(["Days", "Unseen"]);
    expect(await laptop.names("/Trip/Days")).toEqual(["first.txt"]);
    await expect(laptop.names("/Trip/Unseen")).rejects.toEqual(refusedAs("network"));
    await expect(laptop.rename("/Trip/Days/first.txt", "1.txt")).rejects.toEqual(refusedAs("network"));
    const { sharing } = await laptop.drive;
    expect(await sharing.folders()).toEqual([
      expect.objectContaining({ view: expect.objectContaining({ role: "editor", others: ["alice"] }) }),
    ]);
    await world.startServer();
    await alice.laptop.write("/Trip/Days/second.txt", "two");
    laptop = await startAgain(world, laptop);
    const { volumes } = await laptop.drive;
    const caughtUp = Promise.withResolvers<void>();
    const stop = await (await laptop.account).follow();
    const stopHearing = volumes.onChange(
      () => void laptop.names("/Trip/Days").then(({ length }) => length === 2 && caughtUp.resolve()),
    );
    // Opened only now, after all that follows a start: it is brought up to date for itself.
    await laptop.names("/Trip/Days");
    await caughtUp.promise;
    expect(await laptop.names("/Trip/Days")).toEqual(["first.txt", "second.txt"]);
    stopHearing();
    stop();

    // What a search has read is found without a connection.
    const question = { text: "second", order: { by: "name", isDescending: false }, limit: 9 } as const;
    await (await laptop.drive).search.find(question);
    await world.stopServer();
    laptop = await startAgain(world, laptop);
    const { items, unread } = await (await laptop.drive).search.find(question);
    const paths = items.map(({ path, name }) => [...path.map((step) => step.name), name].join("/"));
    expect([paths, unread]).toEqual([["Trip/Days/second.txt"], 0]);
    await world.startServer();

    await unshare(alice.laptop, "/Trip", bob);
    await laptop.catchUp();
    await expect(laptop.names("/Trip")).rejects.toEqual(refusedAs("volume_missing"));
    // After a restart, too: with a connection and without one.
    laptop = await startAgain(world, laptop);
    await expect(laptop.names("/Trip")).rejects.toEqual(refusedAs("volume_missing"));
    await world.stopServer();
    laptop = await startAgain(world, laptop);
    expect(await laptop.names("/")).toEqual(["Trip"]);
    await expect(laptop.names("/Trip")).rejects.toEqual(refusedAs("network"));

    // Who is invited again begins anew.
    await world.startServer();
    await share(alice.laptop, "/Trip", bob);
    laptop = await startAgain(world, laptop);
    expect(await laptop.names("/Trip/Days")).toEqual(["first.txt", "second.txt"]);
  });
});

it("shared folders inside a shared one are readable without a connection as this device knew them last, whoever shares them, and catch up", async () => {
  await using world = await World.start();
  const { alice, bob, carol } = await world.people("alice", "bob", "carol");
  for (const path of ["Plans/2027/garden.txt", "Bobs/deep/his.txt", "Unseen/never.txt", "one.txt", "budget.txt"])
    await alice.laptop.write(`/Team/${path}`, path);
  await share(alice.laptop, "/Team", bob, "manager");
  await accept(bob.laptop);
  // Opened by who is around it, without being accepted; and, of a manager, accepted where it stands.
  for (const path of ["/Team/Plans", "/Team/Unseen", "/Team/budget.txt"]) await share(alice.laptop, path, carol);
  await share(alice.laptop, "/Team/Plans/2027", carol);
  await bob.laptop.catchUp();
  await share(bob.laptop, "/Team/Bobs", carol);
  await accept(alice.laptop);
  for (const { laptop } of [alice, bob]) {
    await laptop.catchUp();
    expect(await laptop.names("/Team/Plans/2027")).toEqual(["garden.txt"]);
    expect(await laptop.names("/Team/Bobs/deep")).toEqual(["his.txt"]);
    expect((await laptop.find("/Team/budget.txt")).entry.file?.sizeBytes).toBe(10);
  }

  await world.stopServer();
  const devices = new Map([alice, bob].map((person) => [person, person.laptop]));
  for (const person of devices.keys()) {
    const laptop = await startAgain(world, person.laptop);
    expect(await laptop.names("/Team")).toEqual(["Bobs", "Plans", "Unseen", "budget.txt", "one.txt"]);
    expect(await laptop.names("/Team/Plans/2027")).toEqual(["garden.txt"]);
    expect(await laptop.names("/Team/Bobs/deep")).toEqual(["his.txt"]);
    expect((await laptop.find("/Team/budget.txt")).entry.file?.sizeBytes).toBe(10);
    // Who shared it has written it.
    if (person === bob) await expect(laptop.names("/Team/Unseen")).rejects.toEqual(refusedAs("network"));
    const renamed = laptop.rename("/Team/Plans/2027/garden.txt", "1.txt");
    await expect(renamed).rejects.toEqual(refusedAs("network"));
    // By its id alone, as a window that is loaded again asks for it.
    const { childId } = await laptop.find("/Team/Bobs/deep");
    const reloaded = await startAgain(world, laptop);
    devices.set(person, reloaded);
    const { files } = await reloaded.drive;
    expect((await files.list(childId)).items.map(({ name }) => name)).toEqual(["his.txt"]);
  }
  await world.startServer();
  await devices.get(bob)!.write("/Team/Plans/2027/seeds.txt", "s");
  const again = devices.get(alice)!;
  await again.names("/Team/Plans/2027");
  await again.catchUp();
  expect(await again.names("/Team/Plans/2027")).toEqual(["garden.txt", "seeds.txt"]);
});

it("a shared file is listed without a connection as this device knew it last, and stays a file where it never saw it", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  await alice.laptop.write("/seen.txt", "one");
  await alice.laptop.write("/unseen.txt", "two");
  await share(alice.laptop, "/seen.txt", bob);
  await accept(bob.laptop);
  expect(await bob.laptop.readText("/seen.txt")).toBe("one");
  await share(alice.laptop, "/unseen.txt", bob);
  await accept(bob.phone);
  const { volume } = await bob.laptop.drive;
  await volume.catchUp();
  await volume.readFolder(volume.volumeId);
  await world.stopServer();
  const laptop = await startAgain(world, bob.laptop);
  const { files } = await laptop.drive;
  const { items } = await files.list(files.rootId);
  expect(items.map(({ name, type, entry }) => [name, type, entry.file?.sizeBytes]).sort()).toEqual([
    ...[
      ["seen.txt", "file", 3],
      ["unseen.txt", "file", undefined],
    ],
  ]);
  const unseen = items.find(({ name }) => name === "unseen.txt");
  expect(unseen?.problem).toEqual(refusedAs("network"));
  // A list that is shown again does not ask for it again at once.
  let asked = 0;
  laptop.network.interfere("*", async (_exchange, ask) => {
    asked += 1;
    return await ask();
  });
  expect((await laptop.find("/unseen.txt")).problem).toBe(unseen?.problem);
  expect(asked).toBe(0);
  await world.startServer();
});
