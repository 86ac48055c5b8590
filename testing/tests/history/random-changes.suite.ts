import { equalBytes, toHex } from "@excalibur/core/bytes";
import { type Files, type Item, isDamage, type Listing } from "@excalibur/sdk";
import fc from "fast-check";
import type { Device } from "../../src/index.ts";

/** What somebody does; numbers choose among what is there. */
export type Action = readonly [what: (typeof ACTIONS)[number], which: number, where: number];

const ACTIONS = [
  "write",
  "write",
  "replace",
  "folder",
  "rename",
  "move",
  "move",
  "trash",
  "restore",
  "delete",
  "empty",
  "version",
  "copy",
] as const;

export const someActions = (length: number): fc.Arbitrary<Action[]> =>
  fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(10_000), fc.nat(10_000)), {
    minLength: length,
    maxLength: length,
  });

/** Everything below a folder, one line an item: path, and which content it has since when. */
export async function treeOf(device: Device, path: string): Promise<string[]> {
  const { files } = await device.drive;
  const lines: string[] = [];
  for await (const walked of files.walk(await files.resolveFolder(path))) {
    if (isDamage(walked)) throw walked.cause;
    const { file } = walked.item.entry;
    lines.push(file ? `${walked.path} ${toHex(file.objectId)} ${walked.item.modifiedMs}` : `${walked.path}/`);
  }
  return lines.sort();
}

/** Every content that a volume still lists, earlier versions included. */
export async function contentsOf(device: Device): Promise<Set<string>> {
  const { files } = await device.drive;
  const contents = new Set<string>();
  const { items } = await files.listTrash();
  const note = ({ entry }: Item) => {
    if (!entry.file) return;
    for (const { objectId } of [entry.file, ...entry.file.versions]) contents.add(toHex(objectId));
  };
  items.forEach(note);
  for (const folderId of [
    files.rootId,
    ...items.flatMap(({ type, childId }) => (type === "folder" ? [childId] : [])),
  ]) {
    for await (const walked of files.walk(folderId)) {
      if (isDamage(walked)) throw walked.cause;
      note(walked.item);
    }
  }
  return contents;
}

/** Does it if it can be done; what is refused was not done. */
export async function act(device: Device, [what, which, where]: Action, number: number): Promise<void> {
  const { files } = await device.drive;
  const { items, folders } = await everything(files);
  const item = items[which % Math.max(1, items.length)];
  const folderId = folders[where % folders.length]!;
  const inTrash = (await files.listTrash()).items;
  const removed = inTrash[which % Math.max(1, inTrash.length)];
  try {
    if (what === "write") await put(device, { folderId, name: `file ${number}`, text: `content ${number}` });
    if (what === "folder") await files.makeFolder(folderId, `folder ${number}`);
    if (what === "empty") await files.deleteForGood(inTrash, { massDeletion: "meant" });
    if (what === "restore" && removed) await files.restore(removed);
    if (what === "delete" && removed) await files.deleteForGood([removed], { massDeletion: "meant" });
    if (item === undefined) return;
    if (what === "replace" && item.type === "file")
      await put(device, { folderId: item.parentId, name: item.name, text: `content ${number}` });
    // Few names, so that they are exchanged among items.
    if (what === "rename") await files.rename(item, `name ${where % 4}`);
    if (what === "move") await files.move(item, { folderId });
    if (what === "trash") await files.trash([item], { massDeletion: "meant" });
    if (what === "copy") await files.copy(item, { folderId, name: `copy ${number}` });
    const version = item.entry.file?.versions.at(-1);
    if (what === "version" && version) await files.restoreVersion(item, version.objectId);
  } catch (error) {
    if (!["name_taken", "into_itself", "not_found"].includes((error as { code?: string }).code ?? "")) throw error;
  }
}

async function put(
  device: Device,
  { folderId, name, text }: { readonly folderId: Uint8Array; readonly name: string; readonly text: string },
): Promise<void> {
  const { files } = await device.drive;
  const path = await files.pathOf(folderId);
  await device.write(`${path === "/" ? "" : path}/${name}`, text, { onConflict: "replace" });
}

async function everything(files: Files): Promise<{ readonly items: Item[]; readonly folders: Uint8Array[] }> {
  const items: Item[] = [];
  for await (const walked of files.walk(files.rootId)) if (!isDamage(walked)) items.push(walked.item);
  const folders = items.flatMap(({ type, childId }) => (type === "folder" ? [childId] : []));
  // The two that the story is about stay: nobody removes what is rewound.
  const isFixed = ({ name, parentId }: Item) => equalBytes(parentId, files.rootId) && /^(here|elsewhere)$/.test(name);
  return { items: items.filter((item) => !isFixed(item)), folders: [files.rootId, ...folders] };
}

/** What each folder says of its place agrees with the listing that it is in. */
export async function disagreements(device: Device): Promise<string[]> {
  const { files, volume } = await device.drive;
  const found: string[] = [];
  const check = async ({ items }: Pick<Listing, "items">) => {
    for (const { type, childId, parentId, name } of items) {
      if (type !== "folder") continue;
      const { parentNodeId } = await volume.readFolder(childId);
      if (!parentNodeId || !equalBytes(parentNodeId, parentId)) found.push(name);
      await check(await files.list(childId));
    }
  };
  await check(await files.list(files.rootId));
  await check(await files.listTrash());
  return found;
}
