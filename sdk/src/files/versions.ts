import { equalBytes } from "@excalibur/core/bytes";
import type { Entry, FileContent, FileVersion, VolumeEditor, VolumeHistory } from "../volumes/index.ts";
import { NotAFileError, VersionGoneError } from "./errors.ts";
import { isFile, requireHandled } from "./tree-changes.ts";
import type { Item, ItemRef } from "./types.ts";

/** Earlier versions an entry keeps (spec/volumes.md §3). */
export const MAX_VERSIONS = 10;
/** Earlier versions and what is in the trash stay this long (spec/volumes.md §11). */
export const KEPT_MS = 30 * 86_400_000;

type FileEntry = Entry & { readonly file: FileContent };

/** An earlier version of a file, as people see it. */
export interface EarlierVersion {
  /** 1 is the newest one. Another version more or less gives all of them new numbers; `id` stays. */
  readonly number: number;
  /** objectId. */
  readonly id: Uint8Array;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** When the next one took its place. */
  readonly replacedMs: number;
  /** The earliest moment at which it is deleted for its age. */
  readonly keptUntilMs: number;
}

export function versionsOf({ entry }: Pick<Item, "entry">): EarlierVersion[] {
  return (entry.file?.versions ?? []).map(({ objectId, sizeBytes, modifiedMs, replacedMs }, index) => ({
    number: index + 1,
    id: objectId,
    sizeBytes,
    modifiedMs,
    replacedMs,
    keptUntilMs: replacedMs + KEPT_MS,
  }));
}

/**
 * Who replaced each of these versions: the member who signed the commit of that time, as the signed history tells it; its
 * subjectId, or undefined when that is no member any more. Throws VolumeIntegrityError.
 */
export async function replacersOf(
  history: Pick<VolumeHistory, "moments">,
  versions: readonly Pick<EarlierVersion, "replacedMs">[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<(Uint8Array | undefined)[]> {
  const replacers: (Uint8Array | undefined)[] = versions.map(() => undefined);
  const oldestMs = Math.min(...versions.map(({ replacedMs }) => replacedMs));
  // A version's date is not after the commit that wrote it, and after the one before: the last one seen that is not before.
  for await (const { timeMs, writerId } of history.moments(options)) {
    if (timeMs < oldestMs) break;
    for (const [index, { replacedMs }] of versions.entries()) if (timeMs >= replacedMs) replacers[index] = writerId;
  }
  return replacers;
}

/** The item as it was: what is read or fetched of it is the earlier version. Throws VersionGoneError, NotAFileError. */
export function asVersion(item: Item, id: Uint8Array): Item {
  if (!isFile(item.entry)) throw new NotAFileError();
  const version = findVersion(item.entry, id);
  const file = contentOf(version, item.entry.file);
  return { ...item, modifiedMs: version.modifiedMs, entry: { ...item.entry, modifiedMs: version.modifiedMs, file } };
}

export interface NewContent {
  readonly content: Omit<FileContent, "versions">;
  readonly modifiedMs: number;
  readonly replacedMs: number;
}

/** A file with another content; the one it had becomes its newest earlier version, so that nothing is lost. */
export function withNewContent(there: FileEntry, { content, modifiedMs, replacedMs }: NewContent): Entry {
  const { objectId, fileKey, root, ciphertextLength, sizeBytes, versions } = there.file;
  const pointer = { objectId, fileKey, root, ciphertextLength };
  const earlier: FileVersion = { ...pointer, sizeBytes, modifiedMs: there.modifiedMs, replacedMs };
  const others = versions.filter((version) => !equalBytes(version.objectId, content.objectId));
  return { ...there, modifiedMs, file: { ...content, versions: thinned([earlier, ...others]) } };
}

/** As a file that is put in the place of another does. Throws NotFoundError, NotAFileError. */
export async function replaceContent(
  editor: VolumeEditor,
  ref: ItemRef,
  { nowMs, ...fresh }: Omit<NewContent, "replacedMs"> & { readonly nowMs: number },
): Promise<void> {
  const there = await requireFile(editor, ref);
  await editor.replaceEntry(ref.parentId, withNewContent(there, { ...fresh, replacedMs: editor.timeMs(nowMs) }));
}

/** Makes an earlier version the current one. Throws NotFoundError, NotAFileError, VersionGoneError. */
export async function restoreVersion(
  editor: VolumeEditor,
  ref: ItemRef,
  { id, nowMs }: { readonly id: Uint8Array; readonly nowMs: number },
): Promise<void> {
  const there = await requireFile(editor, ref);
  const version = findVersion(there, id);
  const { versions: _, ...content } = contentOf(version, there.file);
  const { modifiedMs } = version;
  const replacedMs = editor.timeMs(nowMs);
  await editor.replaceEntry(ref.parentId, withNewContent(there, { content, modifiedMs, replacedMs }));
}

/** Deletes earlier versions for good. Throws as `restoreVersion`, and then deletes none. */
export async function deleteVersions(editor: VolumeEditor, ref: ItemRef, ids: readonly Uint8Array[]): Promise<void> {
  const there = await requireFile(editor, ref);
  for (const id of ids) findVersion(there, id);
  const versions = there.file.versions.filter(({ objectId }) => !ids.some((id) => equalBytes(id, objectId)));
  await editor.replaceEntry(ref.parentId, { ...there, file: { ...there.file, versions } });
}

async function requireFile(editor: VolumeEditor, ref: ItemRef): Promise<FileEntry> {
  const entry = await requireHandled(editor, ref);
  if (!isFile(entry)) throw new NotAFileError();
  return entry;
}

function findVersion({ file }: FileEntry, id: Uint8Array): FileVersion {
  const version = file.versions.find(({ objectId }) => equalBytes(objectId, id));
  if (version === undefined) throw new VersionGoneError();
  return version;
}

/** A version as a file's content. It has no thumbnail: that was the one of another picture. */
function contentOf(version: FileVersion, { mediaType }: FileContent): FileContent {
  const { objectId, fileKey, root, ciphertextLength, sizeBytes } = version;
  return { objectId, fileKey, root, ciphertextLength, sizeBytes, mediaType, versions: [] };
}

/** At most ten: when full, the one closest in time to its elder goes (spec/volumes.md §3). The newest always stays. */
export function thinned(versions: readonly FileVersion[]): FileVersion[] {
  const kept = [...versions];
  while (kept.length > MAX_VERSIONS) {
    let closest = 1;
    let gap = Number.POSITIVE_INFINITY;
    for (let index = 1; index < kept.length - 1; index++) {
      const distance = (kept[index] as FileVersion).replacedMs - (kept[index + 1] as FileVersion).replacedMs;
      if (distance < gap) [closest, gap] = [index, distance];
    }
    kept.splice(closest, 1);
  }
  return kept;
}
