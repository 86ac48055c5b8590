import { describe, expect, it } from "vitest";
import type { FileItem, ListingFacts, ListingNews, Session } from "../session/index.ts";
import { isAllHere, ListingReader, type Shown } from "./listing-reader.ts";

const item = (id: string) => ({ id, name: id }) as FileItem;
const facts = (version: number, files: number, isPartial?: true) =>
  ({ version, files, folders: 0, ...(isPartial && { isPartial }) }) as ListingFacts;

/** What the page showed, one after the other, and which list it had when it asked. */
async function read(
  answers: readonly (ListingNews | Error)[],
  slices: Readonly<Record<number, readonly FileItem[]>>,
  onAsked: (reader: ListingReader, times: number) => void = () => undefined,
) {
  const shown: Shown[] = [];
  const asked: (number | undefined)[] = [];
  const left = [...answers];
  const open = async ({ have }: { readonly have?: number }) => {
    asked.push(have);
    onAsked(reader, asked.length);
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("asked too often");
    return answer;
  };
  const slice = async (version: number, from: number, to: number) => slices[version]?.slice(from, to);
  const session = { engine: { folders: { open, slice } } } as unknown as Session;
  const order = { by: "name", isDescending: false, language: "en" } as const;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onShown = (next: Shown): void => {
    shown.push(next);
    if (left.length === 0 && (next.failure !== undefined || isAllHere(next))) resolve();
  };
  const reader = new ListingReader({ session, place: { folderId: "folder" }, order, onShown });
  reader.refresh();
  await promise;
  return { shown: shown.map(({ items }) => items.map(({ id }) => id).join("")), last: shown.at(-1), asked };
}

const part: ListingNews = { type: "whole", facts: facts(1, 3, true), first: [item("a"), item("c")] };
const slices = { 1: ["a", "c", "e"].map(item) };

const rest: ListingNews = {
  type: "patch",
  facts: facts(2, 5),
  removed: [],
  added: [
    [1, item("b")],
    [3, item("d")],
  ],
};

describe("reading a place of which a part came first", () => {
  it("fetches what there is of it and asks on, until it is whole", async () => {
    expect(await read([part, rest], slices)).toMatchObject({ shown: ["ac", "ace", "abcde"], asked: [undefined, 1] });
  });

  it("asks once more after the last part, when something changed while parts came", async () => {
    const newest: ListingNews = { type: "patch", facts: facts(3, 6), removed: [], added: [[5, item("f")]] };
    const changed = (reader: ListingReader, times: number): void => {
      if (times === 1) reader.refresh();
    };
    const { shown, asked } = await read([part, rest, newest], slices, changed);
    expect(shown.at(-1)).toBe("abcdef");
    expect(asked).toEqual([undefined, 1, 2]);
  });

  it("keeps the part where the rest cannot be read, says why, and does not take it for all", async () => {
    const { shown, last } = await read([part, new Error("gone")], slices);
    expect(shown.at(-1)).toBe("ace");
    expect(last?.facts?.isPartial).toBe(true);
    expect(last?.failure).toBeDefined();
    expect(last && isAllHere(last)).toBe(false);
  });
});
