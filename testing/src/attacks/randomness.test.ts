import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
const SOURCES = globSync("{core,sdk,cli}/src/**/*.ts", {
  cwd: ROOT,
  exclude: ["**/*.{test,suite}.ts", "**/testing/**"],
});

/** Lines of the product that match, by their file. */
function linesWith(pattern: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of SOURCES) {
    const lines = readFileSync(resolve(ROOT, file), "utf8").split("\n");
    const hits = lines.filter((line) => pattern.test(line.replace(/\/\/.*|^\s*\/?\*.*/, "")));
    if (hits.length > 0) found.set(file, hits);
  }
  return found;
}

it("A12 all randomness of clients comes from the platform's generator, through one door", () => {
  expect(SOURCES.length).toBeGreaterThan(150);
  expect([...linesWith(/Math\.random/).keys()]).toEqual([]);
  expect([...linesWith(/getRandomValues\(/).keys()]).toEqual(["core/src/primitives/random.ts"]);
  expect([...linesWith(/from "node:crypto"/).keys()].filter((file) => !file.startsWith("cli/"))).toEqual([
    "core/src/primitives/platform/node.ts",
  ]);
});
