/** What somebody chose, dropped or pasted: a file, or without one a folder. Parents come before what is in them. */
export interface Picked {
  /** Folders between the place and itself. */
  readonly path: readonly string[];
  readonly name: string;
  readonly file?: File;
  /** The browser or the system would not open it. */
  readonly isUnreadable?: true;
}

/** Gives batches, so that a hundred thousand are counted while they are found. */
export type Picking = AsyncIterable<readonly Picked[]>;

/** Files of a list; from a folder they say where they lay (`webkitRelativePath`). */
export async function* pickedFiles(files: readonly File[]): Picking {
  const folders = new Set<string>();
  const picked: Picked[] = [];
  for (const file of files) {
    const path = file.webkitRelativePath.split("/").slice(0, -1);
    for (let depth = 0; depth < path.length; depth++) {
      const key = path.slice(0, depth + 1).join("/");
      if (folders.has(key)) continue;
      folders.add(key);
      picked.push({ path: path.slice(0, depth), name: path[depth] as string });
    }
    picked.push({ path, name: file.name, file });
  }
  yield picked;
}

/** Of a drop or a paste. Call it while the event is handled: afterwards the browser shows nothing of it any more. */
export function pickedFrom(transfer: DataTransfer): Picking {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const roots = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  return walk(roots.filter((root) => root !== null));
}

async function* walk(roots: readonly (FileSystemEntry | File)[]): Picking {
  const waiting: { readonly entry: FileSystemDirectoryEntry; readonly path: readonly string[] }[] = [];
  const take = async (entry: FileSystemEntry | File, path: readonly string[]): Promise<Picked> => {
    if (entry instanceof File) return { path, name: entry.name, file: entry };
    if (isFolder(entry)) {
      waiting.push({ entry, path: [...path, entry.name] });
      return { path, name: entry.name };
    }
    return await picked(entry as FileSystemFileEntry, path);
  };
  yield await Promise.all(roots.map((root) => take(root, [])));
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const { entry, path } = folder;
    const reader = entry.createReader();
    try {
      for (let found = await next(reader); found.length > 0; found = await next(reader)) {
        yield await Promise.all(found.map((each) => take(each, path)));
      }
    } catch {
      yield [{ path: path.slice(0, -1), name: entry.name, isUnreadable: true }];
    }
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function picked(entry: FileSystemFileEntry, path: readonly string[]): Promise<Picked> {
  try {
    return { path, name: entry.name, file: await fileOf(entry) };
  } catch {
    return { path, name: entry.name, isUnreadable: true };
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A hundred at a time, none when all were given. */
function next(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
