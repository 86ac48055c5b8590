import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, UnsupportedError } from "../../../bytes/index.ts";
import { ciphertextLength, EXEF_KIND, encodeExefPrelude } from "../../../exef/public/index.ts";
import { sha256 } from "../../../primitives/index.ts";
import {
  COMMIT_KINDS,
  decodeCommit,
  encodePageHeader,
  encodePageRecord,
  halvesOf,
  maxPageObjectLength,
  type PageHeader,
  type PageRef,
  pageRecordHash,
  parsePageRecord,
  previousRecordHashOf,
  StateTree,
  signCommit,
  VolumeIntegrityError,
  verifyPageAgainstCommit,
} from "../index.ts";
import { alice, volumeId, ZERO_HASH } from "../members/people.suite.ts";

const nodeId = sha256(volumeId).slice(0, 16);
const header: PageHeader = {
  volumeId,
  nodeId,
  bitsLength: 1,
  bits: 0x8000,
  version: 3,
  g: 2,
  manifestVersion: 4,
  previousRecordHash: sha256(nodeId),
  writerFingerprint: alice.fingerprint,
};

/** An object that has the form of one; nothing here looks inside. */
function objectOf(kind: number = EXEF_KIND.page, dataLength = 100): Uint8Array {
  const object = new Uint8Array(ciphertextLength(dataLength)).fill(7);
  object.set(encodeExefPrelude({ kind: kind as 3, objectId: nodeId }));
  object.set([0, 0, 0, 4, 0, 0, 0, 0, 0, 32], 32);
  return object;
}
const record = (change: Partial<PageHeader> = {}, object = objectOf()) =>
  encodePageRecord(encodePageHeader({ ...header, ...change }), object);

describe("a page record", () => {
  it("splits into what was put together", () => {
    const bytes = record();
    const parsed = parsePageRecord(bytes);
    expect(parsed.header).toEqual(header);
    expect(parsed.headerBytes.length).toBe(119);
    expect(parsed.exef).toEqual(objectOf());
    expect(bytes.length).toBe(123 + objectOf().length);
    expect(pageRecordHash(bytes)).toEqual(sha256(bytes));
  });

  it("round-trips every header", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const any = fc
      .record({
        volumeId: bytes(16),
        nodeId: bytes(16),
        bitsLength: fc.nat(16),
        bits: fc.nat(65_535),
        version: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
        g: fc.nat(2 ** 32 - 1),
        manifestVersion: fc.nat(2 ** 32 - 1),
        previousRecordHash: bytes(32),
        writerFingerprint: bytes(32),
      })
      .map((each) => ({ ...each, bits: each.bits - (each.bits % 2 ** (16 - each.bitsLength)) }));
    fc.assert(
      fc.property(any, (each) => {
        expect(parsePageRecord(record(each)).header).toEqual(each);
      }),
    );
  });

  it.each<[string, Partial<PageHeader>]>([
    ["version 0", { version: 0 }],
    ["version 2^48", { version: 2 ** 48 }],
    ["17 bits", { bitsLength: 17 }],
    ["bits beyond its length", { bits: 0x4000 }],
    ["a short id", { nodeId: nodeId.subarray(1) }],
  ])("is refused with %s", (_, change) => {
    expect(() => record(change)).toThrow(FormatError);
  });

  it("is refused cut short, too long, with other objects or bits", () => {
    const bytes = record();
    const patched = (at: number, ...values: number[]) => {
      const copy = bytes.slice();
      copy.set(values, at);
      return copy;
    };
    const wrong = [
      bytes.subarray(0, -1),
      Uint8Array.of(...bytes, 0),
      bytes.subarray(0, 100),
      patched(0, 0x46),
      patched(36, 17),
      patched(36, 0),
      patched(39, 0, 0, 0, 0, 0, 0, 0, 0),
      patched(39, 0, 1, 0, 0, 0, 0, 0, 0),
      patched(123, 0),
      record({}, objectOf(EXEF_KIND.keyring)),
      record({}, objectOf().subarray(1)),
    ];
    for (const each of wrong) expect(() => parsePageRecord(each)).toThrow(FormatError);
    expect(() => parsePageRecord(patched(123 + 5, 4))).toThrow(UnsupportedError);
  });

  it("is refused larger than a page may be", () => {
    const limit = maxPageObjectLength(15);
    expect(parsePageRecord(record({}, objectOf(3, 128 * 1024))).exef.length).toBe(limit);
    expect(() => parsePageRecord(record({}, objectOf(3, 128 * 1024 + 1)))).toThrow(FormatError);
    const last = { bitsLength: 16, bits: 1 };
    expect(parsePageRecord(record(last, objectOf(3, 1024 * 1024))).exef.length).toBe(maxPageObjectLength(16));
    expect(() => parsePageRecord(record(last, objectOf(3, 1024 * 1024 + 1)))).toThrow(FormatError);
  });
});

describe("a page against its commit", () => {
  const old: PageRef = { nodeId, bitsLength: 0, bits: 0, version: 7, recordHash: sha256(Uint8Array.of(1)) };
  const before = StateTree.fromPages([old]);
  const [low, high] = halvesOf(old);
  const sealed = (change: Partial<PageHeader>) => {
    const bytes = record({ version: 1, previousRecordHash: old.recordHash, ...change });
    return { record: parsePageRecord(bytes), recordHash: pageRecordHash(bytes) };
  };
  const pages = [sealed(low), sealed(high)];
  const commitWith = (changes: PageRef[]) =>
    decodeCommit(
      signCommit(
        {
          volumeId,
          sequence: 9,
          kind: COMMIT_KINDS.ordinary,
          previousCommitHash: ZERO_HASH,
          timeMs: 1,
          manifestVersion: header.manifestVersion,
          manifestHash: ZERO_HASH,
          g: header.g,
          writerFingerprint: alice.fingerprint,
          stateRoot: ZERO_HASH,
          abandoned: [],
          changes,
          added: [],
          dropped: [],
        },
        alice.seed,
      ),
    );
  const named = pages.map(({ record: { header: each }, recordHash }) => ({
    nodeId: each.nodeId,
    bitsLength: each.bitsLength,
    bits: each.bits,
    version: each.version,
    recordHash,
  }));
  const commit = commitWith([{ ...old, version: 0, recordHash: ZERO_HASH }, ...named]);

  function refusal(page: ReturnType<typeof sealed>, under = commit, state = before): string {
    try {
      verifyPageAgainstCommit({ ...page, commit: under, before: state });
    } catch (error) {
      return error instanceof VolumeIntegrityError ? `${error.scope}: ${error.reason}` : (error as Error).name;
    }
    return "accepted";
  }

  it("is accepted with all that it says", () => {
    for (const page of pages) expect(refusal(page)).toBe("accepted");
  });

  it.each<[string, Partial<PageHeader>]>([
    ["page_not_in_commit", { bitsLength: 2, bits: 0 }],
    ["page_not_in_commit", { nodeId: volumeId }],
    ["page_not_in_commit", { volumeId: nodeId }],
    ["page_hash", { version: 2 }],
    ["page_hash", { g: 1 }],
  ])("is refused (%s) with %j", (reason, change) => {
    expect(refusal(sealed({ ...low, ...change }))).toBe(`page: ${reason}`);
  });

  it.each<[string, Partial<PageHeader>]>([
    ["page_author", { g: 1 }],
    ["page_author", { manifestVersion: 5 }],
    ["page_author", { writerFingerprint: ZERO_HASH }],
    ["page_previous", { previousRecordHash: ZERO_HASH }],
    ["page_previous", { previousRecordHash: sha256(old.recordHash) }],
  ])("is refused (%s) with %j, though the commit names it", (reason, change) => {
    const page = sealed({ ...low, ...change });
    const naming = commitWith([{ ...(named[0] as PageRef), recordHash: page.recordHash }]);
    expect(refusal(page, naming)).toBe(`page: ${reason}`);
  });

  it("names the page before: the same, the one it was split from, or none", () => {
    expect(previousRecordHashOf(before, nodeId, old)).toEqual(old.recordHash);
    expect(previousRecordHashOf(before, nodeId, { bitsLength: 16, bits: 77 })).toEqual(old.recordHash);
    expect(previousRecordHashOf(before, volumeId, old)).toEqual(ZERO_HASH);
    expect(refusal(pages[0]!, commit, StateTree.empty)).toBe("page: page_previous");
  });
});
