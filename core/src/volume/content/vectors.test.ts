import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../bytes/index.ts";
import { commitToVolumeKey, pageRecordHash, parsePageRecord } from "../record/index.ts";
import { named, refusalOf, type VectorCase, vectors } from "../record/vectors.suite.ts";
import {
  decodePageContent,
  encodePageContent,
  listedObjects,
  nameProblem,
  openPage,
  openPreviousKeys,
} from "./index.ts";

const file = vectors("page");

const placeOf = (one: VectorCase) => ({
  volumeId: fromHex(one.volumeId),
  nodeId: fromHex(one.nodeId),
  bitsLength: one.bitsLength,
  bits: one.bits,
});

function open(one: VectorCase) {
  const record = fromHex(one.record);
  const { volumeId, ...page } = placeOf(one);
  // The vector names one volume key, whatever generation the record claims.
  const volumeKeys = new Map([0, 1, 2, 3].map((g) => [g, fromHex(one.vk)]));
  const expected = { ...page, version: one.version, recordHash: fromHex(one.recordHash) };
  return openPage({ volumeId, expected, headG: one.headG, volumeKeys, record });
}

describe("pages of the second implementation", () => {
  it.each(named(file.records))("open: %s", async (_, one: VectorCase) => {
    const { header } = parsePageRecord(fromHex(one.record));
    expect([header.g, header.manifestVersion]).toEqual([one.g, one.manifestVersion]);
    expect(toHex(header.previousRecordHash)).toBe(one.previousRecordHash);
    expect(toHex(header.writerFingerprint)).toBe(one.writerFingerprint);
    expect(toHex(pageRecordHash(fromHex(one.record)))).toBe(one.recordHash);
    expect(toHex(encodePageContent(await open(one)))).toBe(one.plaintext);
  });

  it.each(named(file.refusedRecords))("refuse a record: %s", async (_, one) => {
    expect(await refusalOf(() => open(one))).toBe(one.refuse);
  });

  it.each(named(file.contents))("read: %s", (_, one: VectorCase) => {
    const content = decodePageContent(fromHex(one.plaintext), placeOf(one));
    expect(toHex(encodePageContent(content))).toBe(one.plaintext);
    expect(content.entries).toHaveLength(one.entries.length);
    const parent = content.folder?.parentNodeId;
    expect(parent ? toHex(parent) : parent).toBe(one.parentNodeId);
    const trash = content.folder?.attributes.trashNodeId;
    expect(trash && toHex(trash)).toBe(one.trashNodeId);
    expect(content.folder?.attributes.singleFile).toBe(one.singleFile);
  });

  it.each(named(file.refusedContents))("refuse: %s", async (_, one: VectorCase) => {
    expect(await refusalOf(() => decodePageContent(fromHex(one.plaintext), placeOf(one)))).toBe(one.refuse);
  });

  it("allow and refuse the same names", () => {
    for (const { text, utf16, allowed } of file.names) {
      const name = text ?? String.fromCharCode(...utf16);
      expect([name, nameProblem(name) === undefined]).toEqual([name, allowed]);
    }
  });

  it.each(named(file.deltas))("list what a change adds and drops: %s", (_, one: VectorCase) => {
    const place = placeOf(file.contents[0]);
    const counts = new Map<string, number>();
    for (const [side, plaintext] of [
      [-1, one.before],
      [1, one.after],
    ] as const) {
      for (const entry of decodePageContent(fromHex(plaintext), place).entries) {
        for (const id of listedObjects(entry)) counts.set(toHex(id), (counts.get(toHex(id)) ?? 0) + side);
      }
    }
    const listed = (sign: number) =>
      [...counts]
        .filter(([, count]) => count * sign > 0)
        .map(([objectId, count]) => ({ objectId, count: count * sign }))
        .sort((a, b) => (a.objectId < b.objectId ? -1 : 1));
    expect(listed(1)).toEqual(one.added);
    expect(listed(-1)).toEqual(one.dropped);
  });
});

describe("records of earlier keys of the second implementation", () => {
  const { accepted, refused } = vectors("keys").previousKeys;
  const known = new Map<number, string>(
    accepted.flatMap((one: VectorCase) => one.keys.map((key: VectorCase) => [key.g, key.vk])),
  );
  const openRecord = (one: VectorCase) => {
    const volumeId = fromHex(one.volumeId);
    const commitmentOf = (g: number) => commitToVolumeKey({ volumeId, g }, fromHex(known.get(g) ?? ""));
    return openPreviousKeys({ volumeId, g: one.g, volumeKey: fromHex(one.vk), commitmentOf }, fromHex(one.record));
  };

  it.each(named(accepted))("open: %s", async (_, one: VectorCase) => {
    expect([...(await openRecord(one))].map(([g, key]) => ({ g, vk: toHex(key) }))).toEqual(one.keys);
  });
  it.each(named(refused))("refuse: %s", async (_, one) => {
    expect(await refusalOf(() => openRecord(one))).toBe(one.refuse);
  });
});
