import { isViolation } from "@excalibur/sdk";
import { measureArchive } from "@excalibur/sdk/archive";
import { beforeAll, describe, expect, it } from "vitest";
import { segmentsOf, serveInstead, stealObject, writeUnreadablePage } from "../src/attacks/index.ts";
import {
  archive,
  EMPTY_FOLDERS,
  growSampleTree,
  type Person,
  readTree,
  SAMPLE_FILES,
  sampleBytes,
  treeOfZip,
  World,
} from "../src/index.ts";

/** Some of it goes in one request, some in pieces. */
const FILM = sampleBytes(6_000_000, 1);

describe("folders and files as one archive", () => {
  let world: World;
  let alice: Person;
  beforeAll(async () => {
    world = await World.start();
    ({ alice } = await world.people("alice"));
    return () => world[Symbol.asyncDispose]();
  });

  it("are what they are on the drive: contents, names, times, empty folders", async () => {
    const here = await world.localFolder("here");
    await growSampleTree(here);
    expect(await alice.laptop.putTree(here, "/everything")).toEqual([]);

    const { bytes, end, totals, toldBytes } = await archive(alice.phone, { paths: ["/everything"] });
    expect(end).toBe("finished");
    const sent = [...(await readTree(here))].map(([path, entry]) => {
      const { modifiedMs } = entry;
      const name = `everything/${path}`.replaceAll(/ (?=\/|$)/g, "_").replaceAll("?", "_");
      return [name, modifiedMs === undefined ? entry : { ...entry, modifiedMs: Math.floor(modifiedMs / 1000) * 1000 }];
    });
    const got = treeOfZip(bytes);
    expect([...got.keys()].filter((path) => EMPTY_FOLDERS.includes(path.slice(11) as never))).toHaveLength(3);
    expect(got).toEqual(new Map([["everything", { type: "folder" }], ...(sent as [])]));
    const sizeBytes = SAMPLE_FILES.reduce((sum, [, size]) => sum + size, 0);
    expect(totals).toMatchObject({ files: SAMPLE_FILES.length, sizeBytes });
    expect(toldBytes).toBe(sizeBytes);
    let measured = 0;
    const items = [await alice.phone.find("/everything")];
    const onSize = (size: number): void => {
      measured = size;
    };
    await measureArchive((await alice.phone.drive).files, { items }, { onSize });
    expect(measured).toBe(sizeBytes);
  });

  it("stand side by side when several are chosen, beside folders that only the archive has", async () => {
    const { laptop } = alice;
    for (const path of ["/side/a.txt", "/side/b/c.txt", "/gone.txt", "/old/x.txt"]) await laptop.write(path, path);
    await laptop.trash("/gone.txt");
    await laptop.trash("/old");
    const items = [...(await laptop.trashed()).values()];
    const folders = [{ name: "Side", modifiedMs: 0, items }];
    const { bytes } = await archive(laptop, { paths: ["/side", "/side/a.txt"], folders });
    expect([...treeOfZip(bytes).keys()].sort()).toEqual(
      ["Side (2)", "Side (2)/gone.txt", "Side (2)/old", "Side (2)/old/x.txt", "a.txt"].concat(
        ...["side", "side/a.txt", "side/b", "side/b/c.txt"],
      ),
    );
  });

  it("end in the middle when somebody thinks better of it, and the beginning is thrown away", async () => {
    await alice.laptop.write("/films/1", FILM);
    await alice.laptop.write("/films/2", FILM);
    const stop = new AbortController();
    const onPiece = (writtenBytes: number): void => {
      if (writtenBytes > 4_000_000) stop.abort();
    };
    const outcome = await archive(alice.laptop, { paths: ["/films"], signal: stop.signal, onPiece });
    expect(outcome).toMatchObject({ end: "aborted", error: { name: "AbortError" } });
    expect(outcome.bytes.length).toBeLessThan(2 * FILM.length);
  });

  it("end with what the place they go to says, when that is gone", async () => {
    const gone = new Error("The download was cancelled.");
    const onPiece = (): void => {
      throw gone;
    };
    expect(await archive(alice.laptop, { paths: ["/films"], onPiece })).toMatchObject({ end: "aborted", error: gone });
  });
});

describe("an archive that would lack something", () => {
  it("is broken off where a file is not what it was, small or large, and says which", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/all/first.txt", "good");
    await laptop.write("/all/deep/film", FILM);
    await laptop.write("/all/deep/other", FILM);
    const film = await stealObject(laptop, "/all/deep/film");
    const segments = segmentsOf(film.ciphertext).length;
    const altered = Buffer.concat([film.ciphertext.subarray(0, -1_000_000), Buffer.alloc(1_000_000)]);
    expect(segments).toBeGreaterThan(16);
    serveInstead(phone.network, { ...film, ciphertext: altered }, { proofs: "true", segments });
    const broken = await archive(phone, { paths: ["/all"] });
    expect(broken).toMatchObject({ end: "aborted", error: { code: "archive_broken", path: "all/deep/film" } });
    expect(() => treeOfZip(broken.bytes)).toThrow();

    phone.network.behave();
    phone.network.alter("fetchObjects", (body) =>
      body.map((byte, index) => (index === body.length - 1 ? byte ^ 1 : byte)),
    );
    const small = await archive(phone, { paths: ["/all/first.txt"] });
    expect(small).toMatchObject({ end: "aborted", error: { code: "archive_broken", path: "first.txt" } });
    expect(isViolation((small.error as Error).cause)).toBe(true);
    phone.network.behave();
    expect(await archive(phone, { paths: ["/all"] })).toMatchObject({ end: "finished" });
  });

  it("is broken off where a part of a listing cannot be read", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/all/deep/a.txt", "a");
    const { files } = await alice.laptop.drive;
    await writeUnreadablePage(alice.laptop, await files.resolveFolder("/all/deep"));
    const outcome = await archive(alice.phone, { paths: ["/all"] });
    expect(outcome).toMatchObject({ end: "aborted", error: { code: "archive_broken", path: "all/deep" } });
  });
});

describe("a shared folder that is mounted in a drive", () => {
  it("is in the archive with everything in it, wherever it is mounted", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await alice.laptop.write("/Holidays/deep/list.txt", "towels");
    await bob.laptop.write("/own/a.txt", "a");
    const run = async (home: string, args: readonly string[]) =>
      expect(await world.runCli(home, args)).toMatchObject({ exitCode: 0 });
    await run(alice.laptop.home, ["share", "/Holidays", "bob", "--role", "viewer"]);
    await run(bob.laptop.home, ["accept", "alice", "--to", "/own/from alice"]);
    await bob.phone.catchUp();
    for (const [path, above] of [
      ["/own", "own/from alice"],
      ["/own/from alice", "from alice"],
    ] as const) {
      const { bytes, end, error } = await archive(bob.phone, { paths: [path] });
      expect([end, error]).toEqual(["finished", undefined]);
      expect([...treeOfZip(bytes).keys()]).toEqual(
        expect.arrayContaining([above, `${above}/deep`, `${above}/deep/list.txt`]),
      );
    }
  });
});
