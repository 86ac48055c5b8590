import { describe, expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { DAY_MS, TimeTravel } from "./time-travel.suite.ts";

const NOTHING = { items: 0, versions: 0 };

/** A drive with something in the trash and an earlier version. */
async function furnish(device: Device): Promise<void> {
  await device.write("/old/one.txt", "one");
  await device.trash("/old/one.txt");
  await device.write("/plan.txt", "first");
  await device.write("/plan.txt", "second", { onConflict: "replace" });
}

/** Somebody writes something every few days. */
async function live(device: Device, time: TimeTravel, days: number): Promise<void> {
  for (let passed = 0; passed < days; passed += 5) {
    time.pass(5 * DAY_MS);
    await device.write("/diary.txt", `${passed}`, { onConflict: "replace" });
  }
}

async function expire(device: Device) {
  return await (await device.drive).files.expireWhenDue();
}

describe("what is in the trash, and earlier versions", () => {
  it("are deleted after thirty days, by a commit that every device follows, and a rewind still brings them back", async () => {
    const time = new TimeTravel();
    await using world = await World.start(time.world);
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    time.set(laptop);
    time.set(phone);
    await furnish(laptop);
    const { files, volume } = await laptop.drive;
    const momentMs = volume.headTimeMs;
    const [shown] = (await files.listTrashed()).items;
    expect(shown).toMatchObject({ fromPath: "/old", item: { name: "one.txt" } });
    expect(shown!.keptUntilMs! - shown!.trashedMs!).toBe(30 * DAY_MS);

    await live(laptop, time, 25);
    const before = volume.head.sequence;
    expect(await expire(laptop)).toEqual(NOTHING);
    expect(volume.head.sequence).toBe(before);
    await laptop.write("/late.txt", "late");
    await laptop.trash("/late.txt");
    await live(laptop, time, 10);
    const expired = await expire(laptop);
    expect(expired.items).toBe(1);
    // The diary has versions of its own that are old by now.
    expect(expired.versions).toBeGreaterThan(0);
    expect(await expire(laptop)).toEqual(NOTHING);
    await phone.catchUp();
    expect([...(await phone.trashed()).keys()]).toEqual(["late.txt"]);
    expect(await (await phone.drive).files.versions(await phone.find("/plan.txt"))).toEqual([]);
    expect(await phone.readText("/plan.txt")).toBe("second");

    // One that was restored and removed once more has thirty days again.
    await files.restore((await laptop.trashed()).get("late.txt")!);
    time.pass(DAY_MS);
    await laptop.trash("/late.txt");
    await live(laptop, time, 25);
    expect((await expire(laptop)).items).toBe(0);
    const preview = await files.previewRewind({ folderId: files.rootId, timeMs: momentMs - 1 });
    expect(preview.changes.map(({ path }) => path)).toContain("/plan.txt");
  });

  it("stay while there is doubt about the time (row G5): a clock that lies, that jumped, or that stands against another", async () => {
    const time = new TimeTravel();
    await using world = await World.start(time.world);
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    time.set(laptop);
    await furnish(laptop);
    await live(laptop, time, 15);
    const kept = async () => [...(await laptop.trashed()).keys()];

    // The server says that months have passed (with years it would have ended the session), and takes no requests of another time.
    const months = 170 * DAY_MS;
    time.serverErrorMs = months;
    await laptop.write("/a.txt", "after months");
    expect(await expire(laptop)).toEqual(NOTHING);
    expect(await kept()).toEqual(["one.txt"]);
    time.serverErrorMs = 0;

    // This device is wrong, and the server is right.
    time.set(laptop, months);
    await laptop.catchUp();
    expect(await expire(laptop)).toEqual(NOTHING);

    // Both are: one machine, one clock. What was written while the server lied is in the history now.
    time.pass(months);
    time.set(laptop);
    await laptop.write("/b.txt", "after months");
    expect(await expire(laptop)).toEqual(NOTHING);
    expect(await kept()).toEqual(["one.txt"]);
  });
});

describe("the command line", () => {
  it("shows how long things stay in the trash", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await furnish(laptop);
    const { stdout } = await world.runCli(laptop.home, ["trash", "ls", "--json"]);
    const { entries } = JSON.parse(stdout) as { entries: { from: string; trashed: string; keptUntil: string }[] };
    expect(entries).toMatchObject([{ name: "one.txt", from: "/old/one.txt" }]);
    expect(Date.parse(entries[0]!.keptUntil) - Date.parse(entries[0]!.trashed)).toBe(30 * DAY_MS);
    const text = await world.runCli(laptop.home, ["trash", "ls"]);
    expect(text.stdout).toMatch(/was \/old\/one\.txt, 30 days left/);
  });
});
