import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Manifest, readManifests } from "./manifests.ts";

/** The names in the first column of the tables: `| \`name\` | …`, several separated by commas. */
export function readExplained(document: string): string[] {
  return document
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
}

/** Dependencies without an explanation, and explanations of what nobody depends on. */
export function compareNotes(manifests: readonly Manifest[], explained: readonly string[]): string[] {
  const own = new Set(manifests.map((manifest) => manifest.name));
  const used = new Set(
    manifests.flatMap((manifest) => manifest.dependencies.map(({ name }) => name)).filter((name) => !own.has(name)),
  );
  const known = new Set(explained);
  return [
    ...[...used].filter((name) => !known.has(name)).map((name) => `${name} has no line`),
    ...[...known].filter((name) => !used.has(name)).map((name) => `${name} has a line, and no package.json names it`),
  ].sort();
}

export async function checkDependencyNotes(root: string): Promise<string[]> {
  const document = await readFile(path.join(root, "docs/dependencies.md"), "utf8");
  return compareNotes(await readManifests(root), readExplained(document));
}
