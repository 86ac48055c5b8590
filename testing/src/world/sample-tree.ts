import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Folders with nothing in them. */
export const EMPTY_FOLDERS = ["empty", "Καλοκαίρι/κενό", "日本語/空"] as const;

/** Files of people who write in many scripts; sizes around the edges of segments and batches. */
export const SAMPLE_FILES: readonly (readonly [path: string, sizeBytes: number])[] = [
  ["empty.txt", 0],
  ["one byte", 1],
  ["letters/liebe Großmutter.txt", 1_200],
  ["letters/Привет из Киева.md", 700],
  ["Καλοκαίρι/θάλασσα.jpg", 300_000],
  ["日本語/写真 (1).png", 262_104],
  ["日本語/写真 (2).png", 262_105],
  ["हिन्दी/चिट्ठी.txt", 511],
  ["עברית/שלום.txt", 512],
  ["العربية/رسالة.txt", 513],
  ["emoji/👩‍👩‍👧‍👦 🏖️.mov", 1_400_000],
  ["deep/a/b/c/d/e/f/g/h/i/j/k.txt", 64],
  [".hidden/.config", 12],
  ["no extension/Makefile", 90],
  ["trailing space /file ", 5],
  ["100%/a&b?c#d=e+f.txt", 33],
  [`long/${"n".repeat(200)}.txt`, 7],
];

/** Bytes that do not compress, repeat or depend on anything but their place. */
export function sampleBytes(sizeBytes: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < sizeBytes; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}

/** Writes the sample tree below a folder: every file with a time of its own, one of them before 1970. */
export async function growSampleTree(folder: string): Promise<void> {
  for (const path of EMPTY_FOLDERS) await mkdir(join(folder, path), { recursive: true });
  for (const [index, [path, sizeBytes]] of SAMPLE_FILES.entries()) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, sampleBytes(sizeBytes, index + 1));
    // Eighths of a second: the system is told times as floating point, and these it can be told exactly.
    const modified = new Date(index === 0 ? -86_400_125 : 1_000_000_000_250 + index * 7_777_777_125);
    await utimes(file, modified, modified);
  }
}
