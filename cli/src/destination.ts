import { type Destination, type Files, type Item, NameTakenError, NotFoundError, parsePath } from "@excalibur/sdk";
import { UsageError } from "./terminal/failure.ts";

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
    if (!isNewName || name === undefined) throw error;
    if (path.endsWith("/")) throw new UsageError(`There is no folder ${path}. Make it first with excalibur mkdir.`);
    const folderId = await files.resolveFolder(parts.slice(0, -1).join("/"), { signal });
    return { to: { folderId, name }, path: `/${parts.join("/")}` };
  }
}
