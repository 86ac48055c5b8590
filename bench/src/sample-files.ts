import { createHash, randomFillSync } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const PIECE = 8 * 2 ** 20;

/** A file of random bytes: nothing on the way can make it smaller. */
export async function writeRandomFile(path: string, sizeBytes: number): Promise<void> {
  await using file = await open(path, "w");
  const piece = new Uint8Array(PIECE);
  for (let done = 0; done < sizeBytes; done += PIECE) {
    const part = piece.subarray(0, Math.min(PIECE, sizeBytes - done));
    randomFillSync(part);
    await file.write(part);
  }
  await file.sync();
}

/** A tree of files of one size, a hundred in a folder. */
export async function writeRandomTree(
  folder: string,
  { files, sizeBytes }: { readonly files: number; readonly sizeBytes: number },
): Promise<void> {
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < files; index++) {
    const into = join(folder, `folder ${Math.floor(index / 100)}`);
    if (index % 100 === 0) await mkdir(into, { recursive: true });
    randomFillSync(bytes);
    await writeFile(join(into, `file ${index}.bin`), bytes);
  }
}

/** SHA-256 over the relative paths and contents of a file or a whole tree. */
export async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTDIR") return undefined;
      throw error;
    },
  );
  const files = entries
    ? entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    : [path];
  for (const file of files.sort()) {
    hash.update(entries ? file.slice(path.length) : "");
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Uint8Array);
  }
  return hash.digest("hex");
}
