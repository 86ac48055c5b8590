import { type FileHandle, open, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { LocalStateError } from "@excalibur/sdk/ports";

/** A new file for recovery words that only its owner reads. */
export interface WordsFile {
  readonly path: string;
  write(text: string): Promise<void>;
  /** There are no words: takes the empty file away again. */
  discard(): Promise<void>;
}

/** Makes the file before there is anything to write. Never takes the place of another one. Throws LocalStateError. */
export async function createWordsFile(name: string): Promise<WordsFile> {
  const path = resolve(name);
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new LocalStateError(
      exists
        ? `${path} exists already and is not overwritten: it may hold the words of another account. Name a new file.`
        : `The file for the recovery words could not be made: ${path}. Nothing was sent to the server.`,
      { cause },
    );
  }
  return {
    path,
    write: async (text) => {
      await file.writeFile(text);
      await file.sync();
      await file.close();
    },
    discard: async () => {
      await file.close();
      await rm(path, { force: true });
    },
  };
}
