import { describe, expect, it } from "vitest";
import type { FileItem, ListingFacts, ListingNews, Session } from "../session/index.ts";
import { isAllHere, ListingReader, type Shown } from "./listing-reader.ts";

const item = (id: string) => ({ id, name: id }) as FileItem;
const facts = (version: number, files: number, isPartial?: true) =>
  ({ version, files, folders: 0, ...(isPartial && { isPartial }) }) as ListingFacts;

/** What the page showed, one after the other, and which list it had when it asked. */
async function read(answers: readonly (ListingNews | Error)[], slices: Readonly<Record<number, readonly FileItem[]>>) {
  const shown: Shown[] = [];
  const asked: (number | undefined)[] = [];
  const left = [...answers];
  const open = async ({ have }: { readonly have?: number }) => {
    asked.push(have);
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("asked too often");
    return answer;
  };
  const slice = async (version: number, from: number, to: number) => slices[version]?.slice(from, to);
  const session = { engine: { folders: { open, slice } } } as unknown as Session;
  const order = { by: "name", isDescending: false, language: "en" } as const;
  await new Promise<void>((done) => {
    const onShown = (next: Shown): void => {
      shown.push(next);
      if (left.length === 0 && (next.failure !== undefined || isAllHere(next))) done();
    };
    new ListingReader({ session, place: { folderId: "folder" }, order, onShown }).refresh();
  });
  return { shown: shown.map(({ items }) => items.map(({ id }) => id).join("")), last: shown.at(-1), asked };
}

const part: ListingNews = { type: "whole", facts: facts(1, 3, true), first: [item("a"), item("c")] };
const slices = { 1: ["a", "c", "e"].map(item) };

describe("reading a place of which a part came first", () => {
  it("fetches what there is of it and asks on, until it is whole", async () => {
    const rest: ListingNews = {
      type: "patch",
      facts: facts(2, 5),
      removed: [],
      added: [
        [1, item("b")],
        [3, item("d")],
      ],
    };
    expect(await read([part, rest], slices)).toMatchObject({ shown: ["ac", "ace", "abcde"], asked: [undefined, 1] });
  });

  it("keeps the part where the rest cannot be read, says why, and does not take it for all", async () => {
    const { shown, last } = await read([part, new Error("gone")], slices);
    expect(shown.at(-1)).toBe("ace");
    expect(last?.facts?.isPartial).toBe(true);
    expect(last?.failure).toBeDefined();
    expect(last && isAllHere(last)).toBe(false);
  });
});
