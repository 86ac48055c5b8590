/**
 * [Note: Few files]
 * A bundler gives every set of lazy parts that share something a file of its own: a hundred files, most of a few hundred bytes, each of which is
 * a question to the server before somebody sees their files, and another when the service worker keeps them. Here only the parts that people wait
 * for tell files apart: what the same ones of them need comes in one file. What only other parts need stays as the bundler has it.
 *
 * What comes before everything else (the page's first lines, then what draws) is there whoever asks, so whatever it needs comes in one file. A
 * file of the others needs only that, and files that more parts need than it: none waits for one that waits for it, and no part loads what it does
 * not use, of itself or of another one that is named here.
 */

import path from "node:path";

const SOURCES = path.resolve(import.meta.dirname, "../src");

/** The parts of the page, each with what its file is called by. The engine's worker is bundled apart, as the bundler has it. */
const PARTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "main.tsx": "main",
    "start.tsx": "start",
    "PublicApp.tsx": "public",
    "DriveApp.tsx": "drive",
    "pages/public/link/LinkPage.tsx": "link",
    "pages/public/request/RequestPage.tsx": "request",
  }).map(([place, name]) => [path.join(SOURCES, place).replaceAll(path.sep, "/"), name]),
);

/** Which of them are there before any other, in their order. */
const FIRST = ["main", "start"];

/** What the bundler knows of a module: who imports it, so that it is there before them. */
interface Modules {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

/** The file that a module comes in, by the parts that need it; null: as the bundler wants. */
export function nameChunk(id: string, modules: Modules): string | null {
  if (PARTS.has(id)) return null;
  const [seen, waiting, needed] = [new Set([id]), [id], new Set<string>()];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const part = PARTS.get(next);
    if (part !== undefined) needed.add(part);
    for (const importer of modules.getModuleInfo(next)?.importers ?? []) {
      if (!seen.has(importer)) waiting.push(importer);
      seen.add(importer);
    }
  }
  if (needed.size === 0) return null;
  return FIRST.find((name) => needed.has(name)) ?? [...PARTS.values()].filter((name) => needed.has(name)).join("-");
}
