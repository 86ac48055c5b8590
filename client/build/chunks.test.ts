import path from "node:path";
import { describe, expect, it } from "vitest";
import { nameChunk } from "./chunks.ts";

const source = (place: string) => path.resolve(import.meta.dirname, "../src", place);
const [MAIN, START, DRIVE, LINK, REQUEST] = [
  "main.tsx",
  "start.tsx",
  "DriveApp.tsx",
  "pages/public/link/LinkPage.tsx",
  "pages/public/request/RequestPage.tsx",
].map(source);

/** A program of which each module is imported by these. */
function chunkOf(id: string, importers: Readonly<Record<string, readonly (string | undefined)[]>>): string | null {
  return nameChunk(id, { getModuleInfo: (each) => ({ importers: (importers[each] ?? []) as readonly string[] }) });
}

describe("the file that a module comes in", () => {
  it("is called by the parts that need it, however far away, in one order", () => {
    const importers = { button: ["form", "list"], form: [REQUEST], list: [LINK, "page"], page: [DRIVE, "list"] };
    expect(chunkOf("button", importers)).toBe("drive-link-request");
    expect(chunkOf("page", importers)).toBe("drive-link");
    expect(chunkOf("form", importers)).toBe("request");
  });

  it("is the bundler's choice for a part itself, and for what no part needs before it asks for it", () => {
    expect(chunkOf(START as string, { [START as string]: [MAIN] })).toBeNull();
    expect(chunkOf("pdf", { pdf: ["viewer"], viewer: [] })).toBeNull();
  });

  it("is that of what is there before every other part, whoever else needs it", () => {
    const importers = { a: [START], b: ["a", DRIVE], c: ["b", MAIN] };
    expect(["a", "b", "c"].map((id) => chunkOf(id, importers))).toEqual(["start", "start", "main"]);
  });

  it("needs only files of more parts: a part brings nothing that is another's alone", () => {
    const importers = { a: [DRIVE], b: ["a", LINK], c: ["b", REQUEST] };
    expect(["a", "b", "c"].map((id) => chunkOf(id, importers))).toEqual(["drive", "drive-link", "drive-link-request"]);
  });
});
