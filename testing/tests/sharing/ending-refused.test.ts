import { LIMITS } from "@excalibur/core/protocol";
import { expect, it } from "vitest";
import { World } from "../../src/index.ts";
import { accept, refusedAs, share, stop } from "./acts.ts";

it("is not ended while it holds folders that no listing leads to, or more than one change takes, and nobody is out then", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  const { laptop } = alice;
  await laptop.write("/Docs/letters/first.txt", "one");
  await laptop.write("/Docs/list.txt", "towels");
  await share(laptop, "/Docs", bob);
  const { volumeId } = await accept(bob.laptop);
  const stillShared = async (): Promise<void> => {
    await bob.laptop.catchUp();
    expect(await bob.laptop.readText("/Docs/list.txt")).toBe("towels");
    const { sharing } = await laptop.drive;
    expect(await sharing.members(await laptop.find("/Docs"))).toHaveLength(2);
  };

  const limits = LIMITS as { commitPages: number };
  const { commitPages } = limits;
  limits.commitPages = 2;
  try {
    await expect(stop(laptop, "/Docs")).rejects.toEqual(refusedAs("too_large_to_unshare"));
  } finally {
    limits.commitPages = commitPages;
  }
  await stillShared();

  const shared = await (await laptop.drive).volumes.volume(volumeId);
  const letters = await laptop.find("/Docs/letters");
  await shared.change((editor) => editor.removeEntries(volumeId, [letters.childId]));
  await expect(stop(laptop, "/Docs")).rejects.toEqual(refusedAs("unreachable_inside"));
  await stillShared();

  // A repair leads to it again, and then the sharing ends with everything in it.
  const { repair } = await laptop.drive;
  const { findings } = await repair.examine();
  await repair.mend(findings);
  await stop(laptop, "/Docs");
  const [name] = await laptop.names("/Docs/Recovered");
  expect(await laptop.readText(`/Docs/Recovered/${name}/first.txt`)).toBe("one");
});
