import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** Everything that can change what a build gives: sources, settings, and the packages by their hashes. */
const INPUTS = [
  "package-lock.json",
  "client/{index.html,package.json,vite.config.ts}",
  "client/{build,public,service-worker,src}/**/*",
  "{core,sdk}/package.json",
  "{core,sdk}/src/**/*.ts",
];
const NOT_BUILT = /\.(test|suite|bench)\.tsx?$|\/testing\//;

/** SHA-256 over names and contents, as hex: equal sources give equal text, wherever they lie. */
export async function hashSources(root: string): Promise<string> {
  const files = globSync(INPUTS, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => !NOT_BUILT.test(file))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(path.join(root, file))));
  const hash = createHash("sha256");
  for (const [index, content] of contents.entries()) {
    hash.update(`${files[index]}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
