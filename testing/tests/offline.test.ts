import { type Account, Excalibur } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, type Person, World } from "../src/index.ts";

/** The phone's program starts again, as one that opens from memory. The one before must have ended. */
async function startAgain(world: World, phone: Device): Promise<{ device: Device; account: Account }> {
  const device = await world.restartDevice(phone);
  const account = await new Excalibur(device.ports, { opensFromMemory: true }).open();
  device.use(account);
  return { device, account };
}

async function furnish({ laptop, phone }: Person): Promise<void> {
  await laptop.write("/Iceland/map.pdf", "a map");
  await laptop.write("/Taxes/2025.txt", "a sum");
  await phone.catchUp();
  await phone.names("/Iceland");
}

describe("without a connection", () => {
  it("a drive opens as this device knew it last, says what it does not know, writes nothing, and catches up", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice);
    await world.stopServer();
    const { device, account } = await startAgain(world, alice.phone);
    const { volume } = await device.drive;
    const before = volume.head;
    expect(await device.names("/")).toEqual(["Iceland", "Taxes"]);
    expect(await device.names("/Iceland")).toEqual(["map.pdf"]);
    await expect(device.names("/Taxes")).rejects.toMatchObject({ code: "network" });
    await expect(device.rename("/Iceland/map.pdf", "other.pdf")).rejects.toMatchObject({ code: "network" });
    expect(await device.names("/Iceland")).toEqual(["map.pdf"]);

    const [offline, caughtUp] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stopHearing = account.events.subscribe(({ type }) => type === "offline" && offline.resolve());
    const stop = await account.follow();
    await offline.promise;
    volume.onAdvance(() => caughtUp.resolve());
    await world.startServer();
    await alice.laptop.write("/new.txt", "new");
    await caughtUp.promise;
    await device.catchUp();
    expect(volume.head.sequence).toBeGreaterThan(before.sequence);
    expect(await device.names("/")).toEqual(["Iceland", "Taxes", "new.txt"]);
    expect(await device.names("/Taxes")).toEqual(["2025.txt"]);
    expect(await account.seenMs()).toBeGreaterThan(0);
    stop();
    stopHearing();
  });

  it("a program that does not say so opens nothing", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice);
    await world.stopServer();
    const phone = await world.restartDevice(alice.phone);
    await expect(phone.names("/")).rejects.toMatchObject({ code: "network" });
  });

  it("what was accepted stays accepted: a server that comes back with less is a rollback, after a restart as well", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice);
    const backup = await world.backUp();
    await alice.laptop.write("/Iceland/after the backup.txt", "new");
    await alice.phone.catchUp();
    await alice.phone.names("/Iceland");
    await world.stopServer();

    const first = await startAgain(world, alice.phone);
    const { head } = (await first.device.drive).volume;
    expect(await first.device.names("/Iceland")).toEqual(["after the backup.txt", "map.pdf"]);
    await world.restore(backup);
    await expect(first.device.catchUp()).rejects.toMatchObject({ code: "rollback" });
    expect((await first.device.drive).volume.head).toEqual(head);

    const second = await startAgain(world, first.device);
    const { volume } = await second.device.drive;
    expect(volume.head).toEqual(head);
    await expect(volume.catchUp()).rejects.toMatchObject({ code: "rollback" });
    expect(await second.device.names("/Iceland")).toEqual(["after the backup.txt", "map.pdf"]);
  });
});
