import type { WordsFile } from "./platform/words-file.ts";
import type { Run } from "./run.ts";

/** The path of the file they are in now; undefined: they must be shown, because there is no other copy of them. */
export async function keepWords(
  file: WordsFile | undefined,
  words: readonly string[],
  { output }: Run,
): Promise<string | undefined> {
  try {
    await file?.write(`${words.join(" ")}\n`);
    return file?.path;
  } catch (error) {
    output.complain(`The recovery words could not be written to the file (${(error as Error).message}).`);
    return undefined;
  }
}

/** For people, in rows of four with their numbers. */
export function wordLines(words: readonly string[]): string[] {
  const rows = [0, 4, 8].map((from) =>
    words
      .slice(from, from + 4)
      .map((word, index) => `${String(from + index + 1).padStart(4)} ${word.padEnd(10)}`)
      .join(""),
  );
  return [
    "",
    "Your recovery words. They are shown once. Write them down and keep them away from this computer:",
    "",
    ...rows.map((row) => row.trimEnd()),
    "",
    "Whoever has them can open the account; without password and words nobody can, not even the server.",
    "",
  ];
}
