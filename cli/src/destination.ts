import { type Destination, type Files, type Item, NameTakenError, NotFoundError, parsePath } from "@excalibur/sdk";
import { CommandError } from "./terminal/failure.ts";

export interface FoundDestination {
  readonly to: Destination;
  /** Where the item will be. */
  readonly path: string;
}

/**
 * Where mv and cp go: into the folder at `path` under the old name, or, when only the last part of `path` is new, into
 * the folder before it under that name. Throws NameTakenError when a file stands there, NotFoundError when more than the
 * last part is missing.
 */
export async function findDestination(
  files: Files,
  item: Item,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<FoundDestination> {
  const parts = parsePath(path);
  const name = parts.at(-1);
  try {
    const there = await files.resolve(path, { signal });
    if (there === null) return { to: { folderId: files.rootId }, path: `/${item.name}` };
    if (there.type === "folder")
      return { to: { folderId: there.childId }, path: `/${[...parts, item.name].join("/")}` };
    throw new NameTakenError();
  } catch (error) {
    const isNewName = error instanceof NotFoundError && error.details["foundParts"] === parts.length - 1;
    if (!(error instanceof NotFoundError) || name === undefined) throw error;
    if (!isNewName || path.endsWith("/")) {
      const folder = isNewName ? parts : parts.slice(0, -1);
      throw new CommandError(
        error.code,
        `There is no folder /${folder.join("/")} on the drive. Nothing was changed; make it with mkdir -p.`,
      );
    }
    const folderId = await files.resolveFolder(parts.slice(0, -1).join("/"), { signal });
    return { to: { folderId, name }, path: `/${parts.join("/")}` };
  }
}
