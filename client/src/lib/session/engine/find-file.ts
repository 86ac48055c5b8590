import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { asVersion, type FileContent, type Files, type Item, NotAFileError, NotFoundError } from "@excalibur/sdk";
import type { ViewRef } from "../../viewing/address.ts";

/** A file as it is now, or as it was. Throws NotFoundError, NotAFileError, VersionGoneError. */
export async function findFile(
  files: Pick<Files, "list">,
  { parentId, id, versionId }: ViewRef,
): Promise<{ readonly item: Item; readonly file: FileContent }> {
  const { items } = await files.list(fromBase64Url(parentId));
  const there = items.find(({ childId }) => toBase64Url(childId) === id);
  if (there === undefined) throw new NotFoundError();
  const item = versionId === undefined ? there : asVersion(there, fromBase64Url(versionId));
  const { file } = item.entry;
  if (file === undefined) throw item.problem ?? new NotAFileError();
  return { item, file };
}
