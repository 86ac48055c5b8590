import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

const SOURCES = "{core,sdk,server,cli,client,testing,bench,scripts}/**/*.{ts,tsx,mjs,cjs}";
const NOT_OURS = ["**/node_modules/**", "**/fixtures/**", "**/dist/**"];
const MAX_LINES = 400;
const MAX_TEST_LINES = 800;
/** Tests, and programs that list cases. */
const TEST = /\.(test|suite|bench)\.tsx?$|-vectors\.ts$/;

/** Marks of unfinished or silenced work. Spelled in halves, so that this list does not find itself. */
const UNFINISHED = new RegExp(
  `\\b(TO${"DO"}|FIX${"ME"}|XX${"X"}|HA${"CK"})\\b|@ts-${"ignore"}|\\.catch\\(\\(\\) *=> *(undefined|null)\\)`,
);
/** A path that exists on one machine only. */
const LOCAL_PATH = /["'`(](?:file:\/\/)?\/(?:work|root|home|Users)\//;

/** A test that replaces a module for whatever is loaded after it, also in the next file of its worker. */
const MOCK = /^vi\.(doM|m)ock\(/;
const MOCKED = /\.(web|mocked)\.test\.ts$/;

/** Problems of one source file: too long, unfinished, tied to one machine, or a mock where others would meet it. */
export function inspectSource(file: string, text: string): string[] {
  const lines = text.split("\n");
  const limit = TEST.test(file) ? MAX_TEST_LINES : MAX_LINES;
  const problems =
    lines.length > limit + 1 ? [`${file}: ${lines.length - 1} lines; beyond ${limit} a wall is missing`] : [];
  lines.forEach((line, index) => {
    const mark = UNFINISHED.exec(line);
    if (mark !== null) problems.push(`${file}:${index + 1}: unfinished or silenced: ${mark[0]}`);
    if (LOCAL_PATH.test(line)) problems.push(`${file}:${index + 1}: a path of one machine`);
    if (MOCK.test(line.trimStart()) && !MOCKED.test(file)) {
      problems.push(`${file}:${index + 1}: replaces a module, so it must be called *.mocked.test.ts`);
    }
  });
  return problems;
}

export async function checkSourceFiles(root: string): Promise<string[]> {
  const files = globSync(SOURCES, { cwd: root, exclude: NOT_OURS });
  if (files.length === 0) return ["No source files found: the check is looking in the wrong place."];
  const problems = await Promise.all(
    files.sort().map(async (file) => inspectSource(file, await readFile(path.join(root, file), "utf8"))),
  );
  return problems.flat();
}
