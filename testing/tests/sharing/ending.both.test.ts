import { toBase64Url, toHex } from "@excalibur/core/bytes";
import { NetworkError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { amount, count, LONGEST_MS, spread } from "../../../scripts/test/long-mode.ts";
import { CanarySearch, type Device, everythingOutside, sampleBytes, World } from "../../src/index.ts";
import { accept, refusedAs, share, stop } from "./acts.ts";

/** Requests at which ending a sharing is broken off, for good. */
const BROKEN_OFF_AT = amount({ everyday: 4, long: 40 });

/** What the log says of anybody, and the answers that are kept for whoever asks the same again. */
const STAYS = ["audit", "idempotency"];

/** What somebody finds in a folder, all the way down: names, dates, who added it, contents and versions by their ids. */
async function contents(device: Device, path: string): Promise<Record<string, unknown>> {
  const { files } = await device.drive;
  const found: Record<string, unknown> = {};
  for await (const walked of files.walk((await device.find(path)).childId)) {
    if (!("item" in walked)) throw walked.cause;
    const { entry, createdMs, modifiedMs, type } = walked.item;
    const { file } = entry;
    const ids = file && [file, ...file.versions].map(({ objectId }) => toHex(objectId));
    found[walked.path] = { type, createdMs, modifiedMs, addedBy: toHex(entry.addedBy), ids };
  }
  return found;
}

async function knownVolumes(device: Device): Promise<number> {
  const { volumes } = await device.drive;
  return (await volumes.all()).length;
}

describe("a folder that is not shared any more", () => {
  it("is one of the drive again, as it was, with versions and trash; everybody and every link is out, and the volume goes", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const photo = sampleBytes(600_000, 7);
    await alice.laptop.write("/Trips/Holidays/2026/beach.jpg", photo);
    await alice.laptop.write("/Trips/Holidays/empty/old.txt", "old");
    await share(alice.laptop, "/Trips/Holidays", bob);
    await accept(bob.laptop);
    await bob.laptop.write("/Holidays/2026/list.txt", "towels");
    await bob.laptop.write("/Holidays/2026/list.txt", "towels, hats", { onConflict: "replace" });
    await alice.laptop.catchUp();
    await alice.laptop.trash("/Trips/Holidays/empty/old.txt");
    await alice.phone.names("/Trips/Holidays");
    const { links, sharing, volumes } = await alice.laptop.drive;
    const link = await links.create(await alice.laptop.find("/Trips/Holidays"));
    const mount = await alice.laptop.find("/Trips/Holidays");
    const before = await contents(alice.laptop, "/Trips/Holidays");
    const movedTo = mount.entry.mount!.volumeId;
    const usedBytes = async () => (await (await alice.laptop.account).status()).remote?.usedBytes;
    const used = await usedBytes();
    await expect(stop(bob.laptop, "/Holidays")).rejects.toEqual(refusedAs("role"));

    await stop(alice.laptop, "/Trips/Holidays");
    const folder = await alice.laptop.find("/Trips/Holidays");
    expect([folder.entry.mount, folder.createdMs, folder.modifiedMs]).toEqual([
      ...[undefined, mount.createdMs, mount.modifiedMs],
    ]);
    expect(await contents(alice.laptop, "/Trips/Holidays")).toEqual(before);
    expect(await alice.laptop.readText("/Trips/Holidays/2026/list.txt")).toBe("towels, hats");
    expect((await alice.laptop.read("/Trips/Holidays/2026/beach.jpg")).equals(photo)).toBe(true);
    expect(await usedBytes()).toBe(used);
    expect([await sharing.folders(), await links.list(), volumes.opened.length]).toEqual([[], [], 1]);

    // What was in its trash comes back to where it was.
    const { files } = await alice.laptop.drive;
    const old = (await alice.laptop.trashed()).get("old.txt")!;
    expect(await files.restore(old)).toMatchObject({ toRoot: false });
    expect(await alice.laptop.readText("/Trips/Holidays/empty/old.txt")).toBe("old");
    await files.restoreVersion(
      await alice.laptop.find("/Trips/Holidays/2026/list.txt"),
      (await files.versions(await alice.laptop.find("/Trips/Holidays/2026/list.txt")))[0]!.id,
    );
    expect(await alice.laptop.readText("/Trips/Holidays/2026/list.txt")).toBe("towels");

    // Her other devices follow, and miss nothing.
    const problems: unknown[] = [];
    const phone = await alice.phone.drive;
    await phone.volume.catchUp();
    await phone.volumes.catchUp((problem) => problems.push(problem));
    expect(problems).toEqual([]);
    expect(await alice.phone.readText("/Trips/Holidays/2026/list.txt")).toBe("towels");
    expect(await (await alice.device("tablet")).readText("/Trips/Holidays/empty/old.txt")).toBe("old");

    await bob.laptop.catchUp();
    await expect(bob.laptop.names("/Holidays")).rejects.toEqual(refusedAs("volume_missing"));
    const stranger = await world.newDevice("stranger");
    const visit = () => stranger.excalibur.visit({ address: link.address!, client: "cli" });
    await expect(visit()).rejects.toEqual(refusedAs("link_revoked"));

    // The server keeps nothing of it but what the log says of anybody, and everything that she still has.
    expect(await world.runServerCli(["storage", "gc"])).toMatchObject({ exitCode: 0 });
    const rows = new CanarySearch([{ name: "the volume", value: movedTo }]).findAll(await everythingOutside(world));
    const tables = rows.map(({ where }) => /column (\w+)\./.exec(where)?.[1]).filter((table) => table !== undefined);
    expect([...new Set(tables)].filter((table) => !STAYS.includes(table))).toEqual([]);
    // Whoever has the address is told so still, and nobody else.
    await expect(visit()).rejects.toEqual(refusedAs("link_revoked"));
    const guessed = `${link.address!.slice(0, -3)}AAA`;
    await expect(stranger.excalibur.visit({ address: guessed, client: "cli" })).rejects.toEqual(
      refusedAs("link_not_found"),
    );
    expect((await alice.laptop.read("/Trips/Holidays/2026/beach.jpg")).equals(photo)).toBe(true);

    // And it can be shared again.
    await share(alice.laptop, "/Trips/Holidays", bob);
    await accept(bob.phone, { name: "Again" });
    expect(await bob.phone.readText("/Again/2026/list.txt")).toBe("towels");
  }, 120_000);

  it("is put back by a rewind as a folder, and nothing of it is lost", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const { laptop } = alice;
    await laptop.write("/Around/Shared/one.txt", "1");
    await share(laptop, "/Around/Shared", bob);
    await laptop.write("/Around/later.txt", "later");
    const { files, volume } = await laptop.drive;
    const timeMs = volume.headTimeMs;
    await stop(laptop, "/Around/Shared");
    await laptop.trash("/Around/later.txt");
    await files.rewind(await files.previewRewind({ folderId: (await laptop.find("/Around")).childId, timeMs }));
    expect(await laptop.names("/Around")).toEqual(["Shared", "later.txt"]);
    expect(await laptop.readText("/Around/Shared/one.txt")).toBe("1");
  });

  it("keeps what another device of its owner writes meanwhile, and is not ended over somebody who is invited meanwhile", async () => {
    await using world = await World.start();
    const { alice, bob, carol } = await world.people("alice", "bob", "carol");
    await alice.laptop.write("/Busy/one.txt", "1");
    await share(alice.laptop, "/Busy", bob);
    await alice.phone.names("/Busy");
    let times = 0;
    alice.laptop.network.interfere("postCommit", async ({ path }, ask) => {
      const { volume } = await alice.laptop.drive;
      if (path.includes(toBase64Url(volume.volumeId))) times += 1;
      if (times === 1) await alice.phone.write("/Busy/two.txt", "2");
      if (times === 2) await share(alice.phone, "/Busy", carol);
      return await ask();
    });
    await stop(alice.laptop, "/Busy");
    expect(times).toBe(3);
    expect(await alice.laptop.names("/Busy")).toEqual(["one.txt", "two.txt"]);
    expect(await (await carol.laptop.drive).sharing.invitations()).toEqual([]);
    alice.laptop.network.behave();

    // Also what comes after it was read, and before nobody else is in it.
    await share(alice.laptop, "/Busy", bob);
    await alice.phone.catchUp();
    let isWritten = false;
    alice.laptop.network.interfere("postCommit", async (_exchange, ask) => {
      if (!isWritten) await alice.phone.write("/Busy/three.txt", "3");
      isWritten = true;
      return await ask();
    });
    await stop(alice.laptop, "/Busy");
    expect(await alice.laptop.names("/Busy")).toEqual(["one.txt", "three.txt", "two.txt"]);
  });
});

describe("ending a sharing that is broken off", () => {
  it(
    "at any request loses nothing, and goes on from any device",
    async ({ task }) => {
      await using world = await World.start();
      const { alice, bob } = await world.people("alice", "bob");
      const { laptop, phone } = alice;
      await laptop.write("/Folder/deep/one.txt", "1");
      await laptop.write("/Folder/two.txt", "2");
      const before = await contents(laptop, "/Folder");
      const known = await knownVolumes(laptop);

      /** Ends the sharing while the network dies at a request: before it arrives, or before its answer does. */
      const dieAt = async (at: number, isAnswerLost: boolean): Promise<{ asked: number; isDone: boolean }> => {
        await share(laptop, "/Folder", bob);
        let asked = 0;
        laptop.network.interfere("*", async (_exchange, ask) => {
          asked += 1;
          if (asked === at && isAnswerLost) await ask();
          if (asked >= at) throw new NetworkError("The program was killed.", { temporary: false });
          return await ask();
        });
        const [ended] = await Promise.allSettled([stop(laptop, "/Folder")]);
        laptop.network.behave();
        return { asked, isDone: ended.status === "fulfilled" };
      };
      const requests = (await dieAt(Number.POSITIVE_INFINITY, false)).asked;
      const moments = Array.from({ length: requests * 2 }, (_, n) => [1 + (n >> 1), n % 2 === 1] as const);
      for (const [at, isAnswerLost] of spread(moments, BROKEN_OFF_AT)) {
        const { isDone } = await dieAt(at, isAnswerLost);
        await phone.catchUp();
        if (!isDone && (await phone.find("/Folder")).entry.mount !== undefined) await stop(phone, "/Folder");
        await (await phone.drive).sharing.folders();
        for (const device of [laptop, phone]) {
          await device.catchUp();
          await (await device.account).refresh();
          expect([at, isAnswerLost, await contents(device, "/Folder")]).toEqual([at, isAnswerLost, before]);
          expect([at, isAnswerLost, await knownVolumes(device)]).toEqual([at, isAnswerLost, known]);
        }
      }
      expect(await (await bob.laptop.drive).sharing.invitations()).toEqual([]);
      count(task, { "ends of sharing broken off": BROKEN_OFF_AT });
    },
    LONGEST_MS,
  );
});
