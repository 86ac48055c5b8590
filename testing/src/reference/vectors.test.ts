import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { IS_LONG } from "../../../scripts/test/long-mode.ts";
import { makeVectorFile, VECTOR_NAMES } from "./vector-files.ts";

const folder = new URL("../../vectors/", import.meta.url);

/** Passwords are stretched for them by an implementation that is slow on purpose: in long mode. That core agrees with the files is told every day. */
const STRETCHED = new Set(["standalone", "opaque"]);

describe("frozen vectors", () => {
  it("are the files that the generator knows, and no others", () => {
    expect(readdirSync(folder).sort()).toEqual(VECTOR_NAMES.map((name) => `${name}.json`).sort());
  });

  // Generating opens every good case and refuses every bad one for its stated reason: this is also the reference's own test.
  for (const name of VECTOR_NAMES) {
    if (STRETCHED.has(name) && !IS_LONG) continue;
    it(`${name}.json comes out of the slow implementation byte for byte`, () => {
      expect(makeVectorFile(name)).toBe(readFileSync(new URL(`${name}.json`, folder), "utf8"));
      // OPAQUE stretches a dozen passwords on purpose slowly, and machines are shared.
    }, 120_000);
  }
});

describe("the slow implementation", () => {
  it("imports nothing of the product", () => {
    const here = new URL("./", import.meta.url);
    const files = readdirSync(here, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(40);
    const imports = files.flatMap((file) => {
      const text = readFileSync(new URL(file.replaceAll("\\", "/"), here), "utf8");
      return [...text.matchAll(/^(?:import|}).* from "([^"]+)";$/gm)].map(([, source]) => `${file}: ${source}`);
    });
    const allowed = /: (\.{1,2}\/|node:|@noble\/|@scure\/bip39\/|vitest$)/;
    expect(imports.filter((one) => !allowed.test(one))).toEqual([]);
    expect(imports.filter((one) => /: \.\.\/.*(core|sdk|server)\//.test(one))).toEqual([]);
  });
});
