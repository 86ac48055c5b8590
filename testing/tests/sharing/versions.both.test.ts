import { asVersion } from "@excalibur/sdk";
import { expect, it } from "vitest";
import { type Device, World } from "../../src/index.ts";
import { accept, refusedAs, share } from "./acts.ts";

async function versions(device: Device, path: string): Promise<number> {
  const { files } = await device.drive;
  return (await files.versions(await device.find(path))).length;
}

it("earlier versions stay behind when a folder is shared, unless somebody says otherwise then", async () => {
  await using world = await World.start();
  const { alice, bob } = await world.people("alice", "bob");
  const { laptop } = alice;
  for (const folder of ["Without", "With", "Linked"]) {
    await laptop.write(`/${folder}/deep/list.txt`, "first");
    await laptop.write(`/${folder}/deep/list.txt`, "second", { onConflict: "replace" });
  }
  const { sharing, links } = await laptop.drive;
  const wish = { person: "bob", role: "viewer" } as const;
  await sharing.share(await laptop.find("/Without"), wish);
  await accept(bob.laptop);
  expect(await versions(bob.laptop, "/Without/deep/list.txt")).toBe(0);

  await sharing.share(await laptop.find("/With"), { ...wish, withVersions: true });
  await accept(bob.laptop);
  const { files, downloads } = await bob.laptop.drive;
  const item = await bob.laptop.find("/With/deep/list.txt");
  const [earlier] = await files.versions(item);
  expect(await bob.laptop.readText("/With/deep/list.txt")).toBe("second");
  // Its contents are his to read, too.
  let text = "";
  for await (const piece of downloads.read(asVersion(item, earlier!.id).entry.file!)) text += Buffer.from(piece);
  expect(text).toBe("first");

  const { address } = await links.create(await laptop.find("/Linked"), { withVersions: true });
  const stranger = await world.newDevice("stranger");
  const visit = await stranger.excalibur.visit({ address: address!, client: "cli" });
  const [deep] = (await visit.files.list(visit.files.rootId)).items;
  const [seen] = (await visit.files.list(deep!.childId)).items;
  expect(seen!.entry.file?.versions).toHaveLength(1);
  await visit.close();

  // It is decided when a folder is first shared, and not later.
  const late = sharing.share(await laptop.find("/Without"), { ...wish, withVersions: true });
  await expect(late).rejects.toEqual(refusedAs("not_shareable"));
  await expect(links.create(await laptop.find("/Without"), { withVersions: true })).rejects.toEqual(
    refusedAs("not_shareable"),
  );
  await share(laptop, "/Without", bob, "editor");
});
