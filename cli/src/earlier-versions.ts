import type { EarlierVersion, Files, Item } from "@excalibur/sdk";
import { requireItem } from "./remote-items.ts";
import { CommandError } from "./terminal/failure.ts";

/** 22 characters that stay the same while numbers move on. */
export function versionId({ id }: Pick<EarlierVersion, "id">): string {
  return Buffer.from(id).toString("base64url");
}

/** What somebody typed as a version: its number or its id. Throws CommandError `version_gone`, NotAFileError. */
export async function findVersion(files: Files, item: Item, typed: string): Promise<EarlierVersion> {
  return pickVersion(await fileVersions(files, item), typed);
}

/** Throws NotAFileError for a folder, which has none. */
export async function fileVersions(files: Files, item: Item): Promise<EarlierVersion[]> {
  if (item.type !== "file") {
    const { NotAFileError } = await import("@excalibur/sdk");
    throw new NotAFileError();
  }
  return await files.versions(item);
}

export function pickVersion(versions: readonly EarlierVersion[], typed: string): EarlierVersion {
  const found = versions.find((version) => String(version.number) === typed || versionId(version) === typed);
  if (found !== undefined) return found;
  const there = versions.length === 0 ? "It has none" : `It has ${versions.length}; excalibur versions lists them`;
  throw new CommandError("version_gone", `The file has no version ${typed}. ${there}. Nothing was changed.`);
}

/** The item as it was in an earlier version. */
export async function earlierItem(item: Item, typed: string): Promise<Item> {
  const { asVersion, NotAFileError, versionsOf } = await import("@excalibur/sdk");
  if (item.type !== "file") throw new NotAFileError();
  return asVersion(item, pickVersion(versionsOf(item), typed).id);
}

export async function requireItemOrVersion(
  files: Files,
  path: string,
  { version, signal }: { readonly version: string | undefined; readonly signal: AbortSignal },
): Promise<Item> {
  const item = await requireItem(files, path, { signal });
  return version === undefined ? item : await earlierItem(item, version);
}
