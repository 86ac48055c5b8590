import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBase64Url, toHex } from "@excalibur/core/bytes";
import { expect, it } from "vitest";
import { openSmallStore } from "../testing/busy-run.ts";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { at, collect, readAll, same, someObject } from "../testing/some-objects.ts";
import { openDiskBlobStore } from "./disk-blob-store.ts";

it("what is set aside lies in quarantine, byte for byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-storage-"));
  const store = await openDiskBlobStore({ directory: folder });
  const [small, large] = [someObject(100), someObject(2000)];
  await store.putSmall([small]);
  const staged = await store.openStaged(large.id, 2000);
  await staged.writeAt(0, [large.bytes]);
  await staged.seal();
  for (const blob of await collect(store.list())) await store.setAside(blob, "shelf");
  await store.close();
  for (const [kind, { id, bytes }] of [
    ["packs", small],
    ["large", large],
  ] as const) {
    const directory = join(folder, "quarantine/shelf", kind);
    const [name] = await readdir(directory);
    expect(name?.slice(0, 32)).toBe(toHex(fromBase64Url(id)));
    expect(same(await readFile(join(directory, name ?? "")), bytes)).toBe(true);
  }
  await rm(folder, { recursive: true });
});

it("a crash or a power cut at any step of it leaves the bytes in one place or the other", async () => {
  for (let dies = 1; ; dies++) {
    const disk = new SimulatedDisk();
    const object = someObject(500);
    const first = await openSmallStore(disk);
    await first.putSmall([object, someObject(300)]);
    await first.close();
    let calls = 0;
    const dying = faultyDisk(disk, { decide: () => (armed && ++calls >= dies ? "EIO" : undefined) });
    let armed = false;
    const store = await openSmallStore(dying);
    const blob = at(await collect(store.list()), 0);
    armed = true;
    const outcome = await store.setAside(blob, "shelf").then(
      () => "moved",
      () => "cut off",
    );
    for (const left of [disk, disk.afterPowerCut(disk.now, () => "lost"), disk.afterPowerCut(disk.now, () => "kept")]) {
      const next = await openSmallStore(left);
      const stored = (await collect(next.list())).find(({ id }) => id === object.id);
      const inPlace =
        stored?.state === "stored" && same(await readAll(next, object.id, stored.location, 500), object.bytes);
      expect(inPlace || (await isShelved(left, object.bytes))).toBe(true);
    }
    if (outcome === "moved") return;
  }
});

async function isShelved(disk: SimulatedDisk, bytes: Uint8Array): Promise<boolean> {
  const directory = "/data/objects/quarantine/shelf/packs";
  if ((await disk.fileStatus("/data/objects/quarantine/shelf")) === undefined) return false;
  for (const name of await disk.listDirectory(directory).catch(() => [])) {
    const file = await disk.openFile(`${directory}/${name}`, "read");
    const copy = new Uint8Array(bytes.length);
    await file.read(copy, 0);
    if (same(copy, bytes)) return true;
  }
  return false;
}
