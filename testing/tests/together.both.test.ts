import { NameTakenError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { amount } from "../../scripts/test/long-mode.ts";
import { type Device, World } from "../src/index.ts";

/** Both start from the same state: whatever one does, the other does not know it yet. */
async function sameState(...devices: Device[]): Promise<void> {
  for (const device of devices) await device.catchUp();
}

function failuresOf(results: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
}

describe("two devices that write at once", () => {
  it("D12 lose nothing of what either of them adds", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.makeFolder("/shared");
    await sameState(laptop, phone);
    const count = amount({ everyday: 8, long: 200 });
    const names = (who: string) => Array.from({ length: count }, (_, index) => `${who} ${index}.txt`);
    const writes = [laptop, phone].flatMap((device, who) =>
      names(String(who)).map((name) => device.write(`/shared/${name}`, name)),
    );
    await Promise.all(writes);
    await sameState(laptop, phone);
    const all = [...names("0"), ...names("1")].sort();
    expect(await laptop.names("/shared")).toEqual(all);
    expect(await phone.names("/shared")).toEqual(all);
    expect(await phone.readText("/shared/0 3.txt")).toBe("0 3.txt");
  });

  it("rename the same thing: it has the name of whoever was first, the other is told which", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/report.txt", "the report");
    await sameState(laptop, phone);
    const [mine, theirs] = [await laptop.find("/report.txt"), await phone.find("/report.txt")];
    const renames = await Promise.allSettled([
      laptop.drive.then(({ files }) => files.rename(mine, "laptop.txt")),
      phone.drive.then(({ files }) => files.rename(theirs, "phone.txt")),
    ]);
    await sameState(laptop, phone);
    const names = await laptop.names("/");
    expect(names).toHaveLength(1);
    expect(failuresOf(renames)).toMatchObject([{ code: "renamed_meanwhile", details: { nameNow: names[0] } }]);
    expect(await phone.names("/")).toEqual(names);
    expect(["laptop.txt", "phone.txt"]).toContain(names[0]);
    expect(await phone.readText(`/${names[0]}`)).toBe("the report");
  });

  it("want the same name: one has it, the other is told, and both contents exist if both are kept", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await sameState(laptop, phone);
    const writes = await Promise.allSettled([
      laptop.write("/same", "of the laptop"),
      phone.write("/same", "of the phone"),
    ]);
    expect(failuresOf(writes)).toEqual([expect.any(NameTakenError)]);

    const kept = await Promise.allSettled([
      laptop.write("/kept", "of the laptop", { onConflict: "keep-both" }),
      phone.write("/kept", "of the phone", { onConflict: "keep-both" }),
    ]);
    expect(failuresOf(kept)).toEqual([]);
    await sameState(laptop, phone);
    expect(await laptop.names("/")).toEqual(["kept", "kept (2)", "same"]);
    const contents = [await laptop.readText("/kept"), await laptop.readText("/kept (2)")];
    expect(contents.sort()).toEqual(["of the laptop", "of the phone"]);
  });

  it("replace the same file: the newest wins and the other one is its earlier version", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/plan", "first");
    await sameState(laptop, phone);
    const replace = { onConflict: "replace" } as const;
    await Promise.all([laptop.write("/plan", "second", replace), phone.write("/plan", "third!", replace)]);
    await sameState(laptop, phone);
    const { entry } = await laptop.find("/plan");
    expect(entry.file?.versions).toHaveLength(2);
    expect(["second", "third!"]).toContain(await laptop.readText("/plan"));
    expect(await phone.readText("/plan")).toBe(await laptop.readText("/plan"));
  });

  it("move two folders into each other: one of them is moved, and neither is lost", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/a/in a", "a");
    await laptop.write("/b/in b", "b");
    await sameState(laptop, phone);
    const moves = await Promise.allSettled([laptop.move("/a", { folder: "/b" }), phone.move("/b", { folder: "/a" })]);
    expect(failuresOf(moves)).toMatchObject([{ code: "into_itself" }]);
    await sameState(laptop, phone);
    const [top] = await laptop.names("/");
    const inner = top === "a" ? "b" : "a";
    expect(await laptop.names("/")).toEqual([top]);
    expect(await phone.readText(`/${top}/${inner}/in ${inner}`)).toBe(inner);
    expect(await phone.readText(`/${top}/in ${top}`)).toBe(top);
  });

  it("write into a folder that the other one throws away: the file is in the trash with it, or its writer is told", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/folder/old", "old");
    await sameState(laptop, phone);
    const [, written] = await Promise.allSettled([laptop.trash("/folder"), phone.write("/folder/new", "new")]);
    await sameState(laptop, phone);
    const { files } = await phone.drive;
    await files.restore((await phone.trashed()).get("folder")!);
    const names = (await phone.names("/")).filter((name) => name.startsWith("folder"));
    const everything = await Promise.all(names.map((name) => phone.names(`/${name}`)));
    expect(everything.flat().sort()).toEqual(written.status === "fulfilled" ? ["new", "old"] : ["old"]);
  });

  it("hear of each other without asking", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    const account = await phone.account;
    const heard = Promise.withResolvers<number>();
    const connected = Promise.withResolvers<void>();
    const stop = account.events.subscribe((event) => {
      if (event.type === "resync") connected.resolve();
      if (event.type === "commit") heard.resolve(event.sequence);
    });
    await connected.promise;
    await laptop.write("/news", "news");
    const { volume } = await laptop.drive;
    expect(await heard.promise).toBeLessThanOrEqual(volume.head.sequence);
    stop();
  });
});

describe("a change whose state is overtaken while it runs", () => {
  it("runs again on the newer one, so that its checks hold where it is committed", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.makeFolder("/shared");
    await sameState(laptop, phone);
    const { files, volume } = await laptop.drive;
    const folderId = await files.resolveFolder("/shared");
    const seen: number[] = [];
    await volume.change(async (editor) => {
      seen.push((await editor.readFolder(folderId)).entries.length);
      if (seen.length > 1) return;
      // Another device is quicker, and this one hears of it before it has sent its own.
      await phone.write("/shared/quick.txt", "quick");
      await laptop.catchUp();
      const [entry] = (await editor.readFolder(files.rootId)).entries;
      await editor.replaceEntry(files.rootId, { ...entry!, modifiedMs: 1 });
    });
    expect(seen).toEqual([0, 1]);
  });
});
