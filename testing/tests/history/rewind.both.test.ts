import { IntoItselfError, MomentGoneError, RewindAroundError, RewindOutdatedError } from "@excalibur/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { type Device, World } from "../../src/index.ts";
import { act, contentsOf, disagreements, someActions, treeOf } from "./random-changes.suite.ts";
import { DAY_MS, MINUTE_MS, TimeTravel, tidyServer } from "./time-travel.suite.ts";

/** Previews and does it, as somebody would who agrees with everything. */
async function rewindTo(device: Device, path: string, timeMs: number, options: { withoutLost?: boolean } = {}) {
  const { files } = await device.drive;
  const preview = await files.previewRewind({ folderId: await files.resolveFolder(path), timeMs });
  await files.rewind(preview, options);
  return preview;
}

async function momentOf(device: Device): Promise<number> {
  return (await device.drive).volume.headTimeMs;
}

describe("a folder that goes back to a moment", () => {
  it("has its names, places and contents of then, whatever happened since; and nothing is lost by it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    let number = 0;
    await fc.assert(
      fc.asyncProperty(someActions(14), someActions(14), fc.boolean(), async (before, after, whole) => {
        await laptop.makeFolder(`/here/inner ${number}`);
        await laptop.makeFolder("/elsewhere");
        for (const action of before) await act(laptop, action, number++);
        const momentMs = await momentOf(laptop);
        const path = whole ? "/" : "/here";
        const then = await treeOf(laptop, path);
        for (const action of after) await act(laptop, action, number++);
        const contents = await contentsOf(laptop);

        await rewindTo(laptop, path, momentMs);
        expect(await treeOf(laptop, path)).toEqual(then);
        expect(await disagreements(laptop)).toEqual([]);
        const left = await contentsOf(laptop);
        expect([...contents].filter((content) => !left.has(content))).toEqual([]);
        const again = await (await laptop.drive).files.previewRewind({
          folderId: await (await laptop.drive).files.resolveFolder(path),
          timeMs: momentMs,
        });
        expect(again).toMatchObject({ changes: [], lost: [] });
      }),
      { numRuns: amount({ everyday: 3, long: 60 }), endOnFailure: true },
    );
    await phone.catchUp();
    expect(await treeOf(phone, "/")).toEqual(await treeOf(laptop, "/"));
  }, 600_000);
});

describe("a rewind", () => {
  it("can be undone as long as nothing else happened in the folder", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/papers/diary.txt", "first");
    const momentMs = await momentOf(laptop);
    await laptop.write("/papers/diary.txt", "second", { onConflict: "replace" });
    await laptop.write("/papers/later.txt", "later");
    const { files } = await laptop.drive;
    const folderId = await files.resolveFolder("/papers");
    const rewound = await files.rewind(await files.previewRewind({ folderId, timeMs: momentMs }));
    expect(await laptop.names("/papers")).toEqual(["diary.txt"]);
    await laptop.write("/elsewhere.txt", "is no reason");
    await files.undoRewind(rewound);
    expect(await laptop.names("/papers")).toEqual(["diary.txt", "later.txt"]);
    expect(await laptop.readText("/papers/diary.txt")).toBe("second");

    const again = await files.rewind(await files.previewRewind({ folderId, timeMs: momentMs }));
    await laptop.write("/papers/meanwhile.txt", "must not go");
    await expect(files.undoRewind(again)).rejects.toBeInstanceOf(RewindOutdatedError);
    expect(await laptop.names("/papers")).toEqual(["diary.txt", "meanwhile.txt"]);
  });

  it("shows first what was created, changed, deleted, moved and renamed, and then does just that in one commit", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    for (const name of ["changed", "renamed", "moved", "trashed", "same"]) {
      await laptop.write(`/papers/${name}.txt`, `${name} then`);
    }
    await laptop.write("/papers/deleted/deep/gone.txt", "gone then");
    await laptop.write("/other/visitor.txt", "of elsewhere");
    const momentMs = await momentOf(laptop);
    await laptop.write("/papers/changed.txt", "changed now", { onConflict: "replace" });
    await laptop.rename("/papers/renamed.txt", "new name.txt");
    await laptop.move("/papers/moved.txt", { folder: "/other" });
    await laptop.move("/other/visitor.txt", { folder: "/papers" });
    await laptop.trash("/papers/trashed.txt");
    await laptop.trash("/papers/deleted");
    const { files, volume } = await laptop.drive;
    await files.deleteForGood([(await laptop.trashed()).get("deleted")!]);
    await laptop.write("/papers/added/new.txt", "new");

    const folderId = await files.resolveFolder("/papers");
    const before = volume.head.sequence;
    const preview = await files.previewRewind({ folderId, timeMs: momentMs });
    expect(volume.head.sequence).toBe(before);
    expect(preview).toMatchObject({ path: "/papers", timeMs: momentMs, lost: [] });
    const told = preview.changes.map(({ since, path, pathNow }) => [...since, path, pathNow]);
    expect(told).toEqual([
      ["moved", "/other/visitor.txt", "/papers/visitor.txt"],
      ["added", null, "/papers/added"],
      ["changed", "/papers/changed.txt", "/papers/changed.txt"],
      ["deleted", "/papers/deleted", null],
      ["deleted", "/papers/deleted/deep", null],
      ["deleted", "/papers/deleted/deep/gone.txt", null],
      ["moved", "/papers/moved.txt", "/other/moved.txt"],
      ["renamed", "/papers/renamed.txt", "/papers/new name.txt"],
      ["deleted", "/papers/trashed.txt", null],
    ]);

    await files.rewind(preview);
    expect(volume.head.sequence).toBe(before + 1);
    expect(await laptop.names("/papers")).toEqual([
      "changed.txt",
      "deleted",
      "moved.txt",
      "renamed.txt",
      "same.txt",
      "trashed.txt",
    ]);
    expect(await laptop.names("/other")).toEqual(["visitor.txt"]);
    expect(await laptop.readText("/papers/deleted/deep/gone.txt")).toBe("gone then");
    expect(await laptop.readText("/papers/changed.txt")).toBe("changed then");
    expect(await files.versions(await laptop.find("/papers/changed.txt"))).toHaveLength(1);
    expect([...(await laptop.trashed()).keys()]).toEqual(["added"]);

    // And back again: a rewind is undone like everything else.
    await rewindTo(laptop, "/papers", preview.timeMs + 1);
  });

  it("is refused when it would do something else than was shown, and can be cancelled; then nothing has changed", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/papers/one.txt", "one");
    const momentMs = await momentOf(laptop);
    await laptop.write("/papers/two.txt", "two");
    const { files, volume } = await laptop.drive;
    const folderId = await files.resolveFolder("/papers");
    const preview = await files.previewRewind({ folderId, timeMs: momentMs });
    await phone.catchUp();
    await phone.write("/papers/three.txt", "three");
    await expect(files.rewind(preview)).rejects.toThrow(RewindOutdatedError);
    expect(await laptop.names("/papers")).toEqual(["one.txt", "three.txt", "two.txt"]);

    const stop = new AbortController();
    const fresh = await files.previewRewind({ folderId, timeMs: momentMs });
    const before = volume.head.sequence;
    const rewinding = files.rewind(fresh, { signal: stop.signal, onFolder: () => stop.abort() });
    await expect(rewinding).rejects.toMatchObject({ name: "AbortError" });
    expect((await volume.catchUp()).sequence).toBe(before);
    await files.rewind(fresh);
    expect(await laptop.names("/papers")).toEqual(["one.txt"]);
  });

  it("cannot go before the folder, nor into what has swallowed it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    const beginning = await momentOf(laptop);
    await laptop.makeFolder("/papers/inner");
    const momentMs = await momentOf(laptop);
    await expect(rewindTo(laptop, "/papers", beginning)).rejects.toThrow(MomentGoneError);
    await expect(rewindTo(laptop, "/papers", 0)).rejects.toThrow(MomentGoneError);
    await laptop.move("/papers/inner", { folder: "/" });
    await laptop.move("/papers", { folder: "/inner" });
    await expect(rewindTo(laptop, "/inner/papers", momentMs)).rejects.toThrow(RewindAroundError);
    await expect(laptop.move("/inner", { folder: "/inner/papers" })).rejects.toThrow(IntoItselfError);
    await rewindTo(laptop, "/", momentMs);
    expect(await laptop.names("/papers")).toEqual(["inner"]);
    expect(await disagreements(laptop)).toEqual([]);
  });

  it("finds large folders whose pages were cut since, and those that were never changed again", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    const { files } = await laptop.drive;
    const names = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => [`f ${String(from + index).padStart(4, "0")}`]);
    const large = await files.makeFolders("/large");
    await files.makeTree(large, names(0, 150));
    const momentMs = await momentOf(laptop);
    await files.makeTree(large, names(150, 400));
    await files.trash((await files.list(large)).items.slice(0, 30), { massDeletion: "meant" });
    await rewindTo(laptop, "/large", momentMs);
    expect(await laptop.names("/large")).toEqual(names(0, 150).flat());
  });
});

describe("the command line", () => {
  it("shows what going back would do, does it, and takes a moment in words", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.write("/papers/one.txt", "one");
    const to = new Date(await momentOf(laptop)).toISOString();
    await laptop.rename("/papers/one.txt", "zwei.txt");
    await laptop.write("/papers/two.txt", "two");
    const cli = (...args: readonly string[]) => world.runCli(laptop.home, args);
    const dry = await cli("rewind", "/papers", "--to", to, "--dry-run");
    expect(dry.stdout.split("\n").slice(1, 3)).toEqual([
      "renamed           /papers/zwei.txt   is /papers/one.txt again",
      "added             /papers/two.txt   goes to the trash",
    ]);
    const done = await cli("rewind", "/papers", "--to", to, "--yes", "--json");
    expect(JSON.parse(done.stdout)).toMatchObject({ path: "/papers", moment: to, done: true, lost: [] });
    await laptop.catchUp();
    expect(await laptop.names("/papers")).toEqual(["one.txt"]);
    expect(await cli("rewind", "/papers", "--to", "yesterday")).toMatchObject({ exitCode: 2 });
    expect(await cli("rewind", "/papers", "--to", "1w", "--json")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("moment_gone"),
    });
  });
});

describe("the server's retention", () => {
  it("keeps every state of a day and every tenth minute of a month; between them the nearest earlier one is taken", async () => {
    const time = new TimeTravel();
    time.passToStretch(10 * MINUTE_MS);
    await using world = await World.start(time.world);
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    time.set(laptop);
    time.set(phone);
    await laptop.makeFolder("/papers");
    time.pass(5 * 60 * MINUTE_MS);
    time.passToStretch(10 * MINUTE_MS);
    const trees: { readonly timeMs: number; readonly text: string }[] = [];
    for (const minutes of [0, 1, 2, 3, 10, 1]) {
      time.pass(minutes * MINUTE_MS);
      const text = `after ${trees.length}`;
      await laptop.write("/papers/file.txt", text, { onConflict: "replace" });
      trees.push({ timeMs: await momentOf(laptop), text });
    }
    const shown = async (device: Device, timeMs: number) => {
      const { files } = await device.drive;
      return await files.previewRewind({ folderId: await files.resolveFolder("/papers"), timeMs });
    };
    const reachedOn = async (device: Device) => {
      const reached: number[] = [];
      for (const { timeMs } of trees) {
        const preview = await shown(device, timeMs);
        expect(preview.lost).toEqual([]);
        reached.push(trees.findIndex((each) => each.timeMs === preview.timeMs));
      }
      return reached;
    };
    await tidyServer(world);
    expect(await reachedOn(laptop)).toEqual([0, 1, 2, 3, 4, 5]);

    time.pass(2 * DAY_MS);
    await tidyServer(world);
    // What stood every ten minutes is left (the empty folder, the fourth state), and what stands now.
    expect(await reachedOn(phone)).toEqual([-1, -1, -1, 3, 3, 5]);
    await rewindTo(phone, "/papers", trees[3]!.timeMs);
    expect(await phone.readText("/papers/file.txt")).toBe("after 3");

    time.pass(31 * DAY_MS);
    await phone.write("/papers/later.txt", "later");
    await tidyServer(world);
    const fresh = await world.restartDevice(phone);
    time.set(fresh);
    const old = await shown(fresh, trees[0]!.timeMs);
    expect(old.lost).toEqual([{ path: "/papers", reason: "listing" }]);
    await expect((await fresh.drive).files.rewind(old)).rejects.toMatchObject({ code: "rewind_incomplete" });
  });

  it("brings back what was deleted for good until it is over, and says so when it is", async () => {
    const time = new TimeTravel();
    await using world = await World.start(time.world);
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    time.set(laptop);
    await laptop.write("/papers/photo.jpg", "the only copy");
    await laptop.write("/papers/other.txt", "other");
    const momentMs = await momentOf(laptop);
    await laptop.copy("/papers/other.txt", { folder: "/", name: "still listed.txt" });
    await laptop.trash("/papers/photo.jpg");
    await laptop.trash("/papers/other.txt");
    const { files } = await laptop.drive;
    await files.deleteForGood([...(await laptop.trashed()).values()]);
    time.pass(29 * DAY_MS);
    await tidyServer(world);
    const folderId = await files.resolveFolder("/papers");
    const preview = await files.previewRewind({ folderId, timeMs: momentMs });
    expect(preview.changes.map(({ since, path }) => [...since, path])).toEqual([
      ["deleted", "/papers/other.txt"],
      ["deleted", "/papers/photo.jpg"],
    ]);
    time.pass(2 * DAY_MS);
    await tidyServer(world);
    // The listing of then is gone with its time, and so are the bytes; what is listed elsewhere is never collected.
    await expect(files.rewind(preview)).rejects.toMatchObject({ code: "rewind_outdated" });
    expect(await laptop.readText("/still listed.txt")).toBe("other");
    await rewindTo(laptop, "/papers", await momentOf(laptop));
    expect(await laptop.names("/papers")).toEqual([]);
  });
});
