import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;

/** The targets of a page's links that are files of ours, relative to the page. */
export function findFileLinks(text: string): string[] {
  return [...text.matchAll(LINK)].map((match) => match[1] ?? "").filter((target) => !/^[a-z]+:/.test(target));
}

/** Links of the documents that lead nowhere. */
export async function checkLinks(root: string): Promise<string[]> {
  const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
  const problems = await Promise.all(
    pages.sort().map(async (page) => {
      const targets = findFileLinks(await readFile(path.join(root, page), "utf8"));
      const lost = targets.filter((target) => !existsSync(path.join(root, path.dirname(page), target)));
      return lost.map((target) => `${page}: ${target} does not exist`);
    }),
  );
  return problems.flat();
}
