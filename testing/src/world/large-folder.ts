/** Folders that nobody wants to fill by hand. */

import type { Device } from "./device.ts";

/** Entries of one commit. */
const TOGETHER = 5_000;

export interface LargeFolder {
  readonly path: string;
  readonly count: number;
}

/** "photo 1.jpg" and so on, all of one content: what is tried out is the listing. */
export async function fillFolder(device: Device, { path, count }: LargeFolder): Promise<void> {
  await device.write(`${path}/photo 1.jpg`, "a photo");
  const { files, volume } = await device.drive;
  const folderId = await files.resolveFolder(path);
  const { entry } = await device.find(`${path}/photo 1.jpg`);
  for (let from = 2; from <= count; from += TOGETHER) {
    const numbers = Array.from({ length: Math.min(TOGETHER, count + 1 - from) }, (_, index) => from + index);
    await volume.change(async (editor) => {
      const { childId: _, ...content } = entry;
      await editor.addEntries(
        folderId,
        numbers.map((number) => ({ ...content, name: `photo ${number}.jpg`, modifiedMs: number * 60_000 })),
      );
    });
  }
}
