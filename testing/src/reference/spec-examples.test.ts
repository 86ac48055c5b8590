import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const spec = new URL("../../../docs/spec/", import.meta.url);
const vectors = new URL("../../vectors/", import.meta.url);

function read(folder: URL, name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

/** Blocks marked `hex` have names in their first 22 columns and bytes after them; a line without a name continues the one above. */
const NAME_COLUMNS = 22;

function examplesOf(page: string): string[] {
  const blocks = [...page.matchAll(/```hex\n([\s\S]*?)\n```/g)].map(([, block]) => block as string);
  return blocks.flatMap((block) =>
    block.split(/\n(?=\S)/).map((entry) =>
      entry
        .split("\n")
        .map((line) => line.slice(NAME_COLUMNS).trim())
        .join(""),
    ),
  );
}

const PAGES = ["exef.md", "standalone.md", "keys.md", "people.md", "volumes.md", "sign-in.md"];

describe("worked examples of the specification", () => {
  const all = readdirSync(vectors)
    .map((name) => read(vectors, name))
    .join("\n");

  for (const name of PAGES) {
    it(`${name} shows bytes that stand in the vectors`, () => {
      const examples = examplesOf(read(spec, name));
      expect(examples.length).toBeGreaterThan(1);
      expect(examples.filter((example) => !/^([0-9a-f]{2}){8,}$/.test(example) || !all.includes(example))).toEqual([]);
    });
  }

  it("names only vector files and pages that exist", () => {
    const pages = new Set(readdirSync(spec));
    const files = new Set(readdirSync(vectors));
    for (const name of [...PAGES, "exef-v2.md", "README.md", "terminology.md"]) {
      const text = read(spec, name);
      for (const [, file] of text.matchAll(/`([a-z0-9-]+\.json)`/g))
        expect(`${name}: ${files.has(file as string) ? file : `no ${file}`}`).toBe(`${name}: ${file}`);
      for (const [, page] of text.matchAll(/\]\(([a-z-]+\.md)\)/g))
        expect(`${name}: ${pages.has(page as string) ? page : `no ${page}`}`).toBe(`${name}: ${page}`);
    }
  });
});
