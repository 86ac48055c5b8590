import { describe, expect, it } from "vitest";
import { MemoryCache } from "../testing/index.ts";
import { COMMITS_KEPT, type HeadRow, LocalVolumeStore, type StoredHead } from "./local-store.ts";

const volumeId = new Uint8Array(16).fill(1);
const hash = (number: number) => new Uint8Array(32).fill(number % 251).fill(Math.floor(number / 251), 0, 1);

function headOf(sequence: number): StoredHead {
  const nothing = {
    ...{ genesis: new Uint8Array(), manifests: [], envelopes: [], previousKeys: [], identities: [], links: [] },
  };
  return { sequence, hash: hash(sequence), commit: new Uint8Array([sequence % 256]), ...nothing };
}

/** Every commit replaces the record of the one before it by its own. */
async function advance(store: LocalVolumeStore, from: HeadRow | undefined, sequences: readonly number[]) {
  const to = headOf(sequences.at(-1) ?? 0);
  const commits = sequences.map((sequence) => ({
    sequence,
    bytes: new Uint8Array([sequence % 256]),
    replaced: sequence === 0 ? [] : [hash(sequence - 1)],
  }));
  const records = sequences.map((sequence) => ({ hash: hash(sequence), record: hash(sequence) }));
  const row = await store.advance({ from, to, pages: [], replaceAll: from === undefined, records, commits });
  if (row === undefined) throw new Error("Nobody else is there.");
  return row;
}

describe("the last commits", () => {
  it("are kept with what they replaced, and let go of together, however long the steps are", async () => {
    const store = new LocalVolumeStore(new MemoryCache(), volumeId);
    let row = await advance(store, undefined, [0]);
    for (let next = 1; next <= 600; ) {
      const sequences = Array.from({ length: next % 7 === 0 ? 40 : 1 }, (_, index) => next + index);
      row = await advance(store, row, sequences);
      next += sequences.length;
    }
    const last = row.head.sequence;
    const kept = (await store.readCommits(row.head)).map(({ sequence }) => sequence);
    const first = last - COMMITS_KEPT + 1;
    expect(kept).toEqual(Array.from({ length: COMMITS_KEPT }, (_, index) => first + index));
    const all = Array.from({ length: last + 1 }, (_, sequence) => hash(sequence));
    const records = await store.readRecords(all);
    expect(records.flatMap((record, sequence) => (record === undefined ? [] : [sequence]))).toEqual(
      Array.from({ length: last - first + 2 }, (_, index) => first - 1 + index),
    );
  });

  it("of one step that is longer than what is kept are its last ones", async () => {
    const store = new LocalVolumeStore(new MemoryCache(), volumeId);
    const row = await advance(
      store,
      await advance(store, undefined, [0]),
      Array.from({ length: 400 }, (_, i) => i + 1),
    );
    expect((await store.readCommits(row.head)).map(({ sequence }) => sequence)).toHaveLength(COMMITS_KEPT);
  });
});
