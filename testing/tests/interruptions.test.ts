import { appendFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileChangedError, type FileSource, type Item, LocalStateError, NetworkError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { openSource, sampleBytes, World } from "../src/index.ts";

const MiB = 1024 * 1024;

/** A source that does something when its reader has come so far. */
function when(source: FileSource, offset: number, happens: () => Promise<void>): FileSource {
  let done = false;
  return {
    ...source,
    read: async (at, into, signal) => {
      if (!done && at >= offset) {
        done = true;
        await happens();
      }
      return source.read(at, into, signal);
    },
  };
}

describe("a connection that is cut", () => {
  it("again and again while a large file goes up and comes down costs time and nothing else", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const video = sampleBytes(14 * MiB, 1);
    world.wire.cutAfter({ direction: "up", bytes: 5 * MiB, times: 2 });
    await alice.laptop.write("/video", video);
    expect(world.wire.cutsLeft).toBe(0);

    world.wire.cutAfter({ direction: "down", bytes: 5 * MiB, times: 2 });
    expect((await alice.phone.read("/video")).equals(video)).toBe(true);
    expect(world.wire.cutsLeft).toBe(0);
  });

  it("just when the server has accepted a change makes it happen once", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.catchUp();
    let cut = 0;
    laptop.network.interfere("postCommit", async (_, ask) => {
      const answer = await ask();
      if (cut++ === 0) throw new NetworkError("The connection was cut.");
      return answer;
    });
    await laptop.makeFolder("/once");
    expect(cut).toBe(2);
    expect(await alice.phone.names("/")).toEqual(["once"]);
    expect((await (await alice.phone.drive).volume.catchUp()).sequence).toBe(1);
  });
});

describe("a program that ends", () => {
  it("in the middle of a large file goes on where it was when it is started again", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const path = join(await world.localFolder("films"), "film.bin");
    await writeFile(path, sampleBytes(18 * MiB, 2));
    const source = await openSource(path);
    const stop = new AbortController();
    // Four parts are on their way at once: when the fifth is read, at least one has arrived.
    const cutShort = when(source, 16_000_000, async () => stop.abort(new Error("the lid was closed")));
    await expect(alice.laptop.write("/film", cutShort, { signal: stop.signal })).rejects.toThrow("the lid was closed");

    const again = await world.restartDevice(alice.laptop);
    await again.write("/film", await openSource(path));
    const parts = again.network.asked.filter((route) => route === "putPart").length;
    expect(parts).toBeLessThan(5);
    expect((await alice.phone.read("/film")).equals(sampleBytes(18 * MiB, 2))).toBe(true);
  });

  it("and a file that became another one meanwhile is stored as it is now", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const path = join(await world.localFolder("films"), "film.bin");
    await writeFile(path, sampleBytes(10 * MiB, 3));
    const stop = new AbortController();
    const cutShort = when(await openSource(path), 8_000_000, async () => stop.abort(new Error("the lid was closed")));
    await expect(alice.laptop.write("/film", cutShort, { signal: stop.signal })).rejects.toThrow("the lid was closed");

    await writeFile(path, sampleBytes(10 * MiB, 4));
    await utimes(path, 1_600_000_000, 1_600_000_000);
    const again = await world.restartDevice(alice.laptop);
    await again.write("/film", await openSource(path));
    expect((await alice.phone.read("/film")).equals(sampleBytes(10 * MiB, 4))).toBe(true);
  });

  it("is the server: uploads and sessions go on after its restart", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const bytes = sampleBytes(10 * MiB, 5);
    const path = join(await world.localFolder("films"), "film.bin");
    await writeFile(path, bytes);
    const source = when(await openSource(path), 8_000_000, () => world.restart());
    await alice.laptop.write("/film", source);
    await world.restart();
    expect((await alice.phone.read("/film")).equals(bytes)).toBe(true);
  });
});

describe("a local file", () => {
  it("that changes or vanishes while it is read is not stored, and the others are", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const folder = await world.localFolder("busy");
    const [grows, vanishes, stays] = ["grows", "vanishes", "stays"].map((name) => join(folder, name));
    for (const path of [grows!, vanishes!, stays!]) await writeFile(path, sampleBytes(2 * MiB, 6));

    const growing = when(await openSource(grows!), 0, () => appendFile(grows!, "more"));
    await expect(alice.laptop.write("/grows", growing)).rejects.toThrow(FileChangedError);
    const vanishing = when(await openSource(vanishes!), 0, () => rm(vanishes!));
    await expect(alice.laptop.write("/vanishes", vanishing)).rejects.toMatchObject({ code: "ENOENT" });
    await alice.laptop.write("/stays", await openSource(stays!));
    expect(await alice.phone.names("/")).toEqual(["stays"]);
    expect((await alice.phone.read("/stays")).equals(sampleBytes(2 * MiB, 6))).toBe(true);
  });
});

describe("space", () => {
  it("that the account does not have is a clear refusal before bytes are taken, and comes back with the trash", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { database } = world.server.context;
    await database.write((tx) =>
      tx
        .updateTable("accounts")
        .set({ quota_bytes: 5 * MiB })
        .execute(),
    );
    await alice.laptop.write("/fits", sampleBytes(3 * MiB, 7));
    alice.laptop.network.asked.length = 0;
    const large = alice.laptop.write("/large", sampleBytes(4 * MiB, 8));
    await expect(large).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(alice.laptop.network.asked).not.toContain("putPart");
    await alice.laptop.write("/small", "fits still");
    expect(await alice.phone.names("/")).toEqual(["fits", "small"]);
  });

  it("that the server's disk does not have is a clear refusal, and nothing is half stored", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/before", "before");
    const full = world.fillDisk();
    await expect(alice.laptop.write("/small", "small")).rejects.toMatchObject({ code: "storage_full" });
    await expect(alice.laptop.write("/large", sampleBytes(2 * MiB, 9))).rejects.toMatchObject({ code: "storage_full" });
    expect(await alice.phone.names("/")).toEqual(["before"]);
    expect(await alice.phone.readText("/before")).toBe("before");
    full.free();
    await alice.laptop.write("/small", "small");
    await alice.phone.catchUp();
    expect(await alice.phone.readText("/small")).toBe("small");
  });

  it("that the device's disk does not have loses nothing that was stored", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.catchUp();
    const { cache } = alice.laptop.ports;
    const write = cache.write.bind(cache);
    Object.assign(cache, {
      write: () => Promise.reject(new LocalStateError("The disk is full.")),
    });
    await expect(alice.laptop.write("/note", "written on a full disk")).rejects.toThrow(LocalStateError);
    Object.assign(cache, { write });
    const again = await world.restartDevice(alice.laptop);
    await again.write("/note", "written on a full disk", { onConflict: "replace" });
    expect(await alice.phone.readText("/note")).toBe("written on a full disk");
  });
});

describe("clocks", () => {
  it("G5 that are hours apart do no harm", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const ahead = await alice.device("ahead", { clockOffsetMs: 9 * 3_600_000 });
    const behind = await alice.device("behind", { clockOffsetMs: -300 * 3_600_000 });
    await ahead.write("/from ahead", "a");
    await behind.write("/from behind", "b");
    await ahead.write("/from ahead again", "c");
    await behind.catchUp();
    expect(await behind.names("/")).toEqual(["from ahead", "from ahead again", "from behind"]);
    expect(await alice.phone.readText("/from behind")).toBe("b");
  });

  it("G5 of which the server's jumps while people are signed in", async () => {
    let offsetMs = 0;
    await using world = await World.start({ server: { clock: () => Date.now() + offsetMs } });
    const { alice } = await world.people("alice");
    await alice.laptop.write("/one", "1");
    offsetMs = 5 * 3_600_000;
    await alice.laptop.write("/two", "2");
    offsetMs = -5 * 3_600_000;
    await alice.laptop.write("/three", "3");
    expect(await alice.phone.names("/")).toEqual(["one", "three", "two"]);
  });
});

describe("programs of different ages", () => {
  it.each([
    ["client", { minimum: 9, maximum: 9 }],
    ["server", { minimum: 0, maximum: 0 }],
  ])("say that the %s needs an update, and touch nothing", async (side, api) => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const fresh = await alice.newDevice("fresh");
    fresh.network.alterJson("getCompatibility", (reply) => ({ ...reply, api }));
    await expect(alice.signIn(fresh, "fresh")).rejects.toMatchObject({ code: "upgrade_needed", side });
    expect(new Set(fresh.network.asked)).toEqual(new Set(["getCompatibility"]));

    // Somebody whose versions were compared yesterday finds it out when an answer makes no sense.
    alice.phone.network.alterJson("getCompatibility", (reply) => ({ ...reply, api }));
    alice.phone.network.alterJson("listCommits", () => ({ changes: "in words of another version" }));
    alice.phone.network.alterJson("getHead", () => ({ changes: "in words of another version" }));
    await expect(alice.phone.catchUp()).rejects.toMatchObject({ code: "upgrade_needed", side });
    alice.phone.network.behave();
    await alice.phone.catchUp();
  });
});

describe("a server whose disk has lost something", () => {
  it("gives everything else that was asked for with it, and says of the lost that it is lost", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    const packs = join(world.serverFolder, "objects/packs");
    await laptop.write("/lost", "of the lost pack");
    const lost = await readdir(packs);
    await world.restart();
    await laptop.write("/kept", "kept");
    await laptop.write("/lost too", sampleBytes(3 * MiB, 2));
    await world.stopServer();
    for (const name of lost) await rm(join(packs, name));
    await rm(join(world.serverFolder, "objects/large"), { recursive: true });
    await world.startServer();

    const { downloads } = await phone.drive;
    const names = ["/lost", "/kept", "/lost too"];
    const requests = await Promise.all(
      names.map(async (path) => ({
        path,
        file: (await phone.find(path)).entry.file as NonNullable<Item["entry"]["file"]>,
      })),
    );
    const fates = new Map<string, unknown>();
    await downloads.download(requests, { onResult: ({ request, error }) => fates.set(request.path, error) });
    const isLost = expect.objectContaining({ code: "object_lost" });
    expect(Object.fromEntries(fates)).toEqual({ "/lost": isLost, "/kept": undefined, "/lost too": isLost });
    expect(await phone.readText("/kept")).toBe("kept");
  });
});
