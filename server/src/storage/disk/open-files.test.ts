import { describe, expect, it } from "vitest";
import { faultyDisk } from "../testing/faulty-disk.ts";
import { SimulatedDisk } from "../testing/simulated-disk.ts";
import { OpenFiles } from "./open-files.ts";

async function diskWithFiles(count: number): Promise<{ disk: SimulatedDisk; paths: string[] }> {
  const disk = new SimulatedDisk({ random: Math.random });
  const paths = Array.from({ length: count }, (_, n) => `/data/${n}`);
  for (const path of paths) await (await disk.openFile(path, "new")).close();
  return { disk, paths };
}

describe("open files", () => {
  it("never hold more descriptors than allowed, however many are wanted at once, and leak none", async () => {
    const { disk, paths } = await diskWithFiles(40);
    const openFiles = new OpenFiles(disk, { limit: 8, onLostWrites: () => undefined });
    let highest = 0;
    const uses = Array.from({ length: 400 }, (_, n) =>
      openFiles.use({
        path: paths[n % paths.length] as string,
        mode: "existing",
        writes: n % 3 === 0,
        work: async (file) => {
          highest = Math.max(highest, disk.openFileCount);
          await file.read(new Uint8Array(1), 0);
        },
      }),
    );
    await Promise.all([...uses, openFiles.forget("/data/3"), openFiles.forget("/data/4")]);
    expect(highest).toBe(8);
    await openFiles.closeAll();
    expect(disk.openFileCount).toBe(0);
    await expect(openFiles.use({ path: "/data/1", mode: "read", work: async () => 1 })).rejects.toMatchObject({
      code: "storage_failed",
    });
  });

  it("tell every user of a file that cannot be opened, and try again the next time", async () => {
    const { disk } = await diskWithFiles(1);
    const openFiles = new OpenFiles(disk, { limit: 1, onLostWrites: () => undefined });
    const use = () => openFiles.use({ path: "/data/new", mode: "read", work: async () => "read" });
    for (const outcome of await Promise.allSettled([use(), use()])) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ENOENT" } });
    }
    await (await disk.openFile("/data/new", "new")).close();
    expect(await use()).toBe("read");
    await openFiles.closeAll();
    expect(disk.openFileCount).toBe(0);
  });

  it("sync written bytes before their descriptor is closed for another, and tell when that fails", async () => {
    const { disk } = await diskWithFiles(2);
    const synced: string[] = [];
    const lost: string[] = [];
    const faulty = faultyDisk(disk, {
      decide: ({ operation, path }) => {
        if (operation === "datasync") synced.push(path);
        return operation === "datasync" ? "EIO" : undefined;
      },
    });
    const openFiles = new OpenFiles(faulty, { limit: 1, onLostWrites: (path) => lost.push(path) });
    const write = (path: string, writes: boolean) =>
      openFiles.use({ path, mode: "existing", writes, work: (file) => file.read(new Uint8Array(1), 0) });
    await write("/data/0", true);
    await write("/data/1", false);
    await write("/data/0", true);
    await openFiles.forget("/data/0");
    expect(synced).toEqual(["/data/0"]);
    expect(lost).toEqual(["/data/0"]);
  });
});
