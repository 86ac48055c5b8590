import { describe, expect, it } from "vitest";
import { fromHex, toHex, uint32, uint64, utf8Encode } from "../../bytes/index.ts";
import { sha256 } from "../../primitives/index.ts";
import {
  decodeCommit,
  decodeManifest,
  ForkError,
  halvesOf,
  isComplete,
  type PageRange,
  type PageRef,
  parsePageRecord,
  RollbackError,
  StateTree,
  verifyCommit,
  verifyGenesis,
  verifyGenesisManifest,
  verifyManifestSuccession,
  verifyPageAgainstCommit,
  verifyStatePath,
  WHOLE_FOLDER,
} from "./index.ts";
import { chainsOfVectors, keysOfVectors, named, refusalOf, type VectorCase, vectors } from "./vectors.suite.ts";

const pageOf = (page: { nodeId: string; recordHash: string } & Omit<PageRef, "nodeId" | "recordHash">): PageRef => ({
  ...page,
  nodeId: fromHex(page.nodeId),
  recordHash: fromHex(page.recordHash),
});
const hexOf = (page: PageRef) => ({ ...page, nodeId: toHex(page.nodeId), recordHash: toHex(page.recordHash) });

const inOrder = (pages: readonly VectorCase[]) =>
  pages.toSorted((a, b) => (a.nodeId === b.nodeId ? a.bits - b.bits : a.nodeId < b.nodeId ? -1 : 1));

describe("manifests of the second implementation", () => {
  const file = vectors("manifest");
  const proofs = { signatureKeys: keysOfVectors(file), identityChain: chainsOfVectors(file) };

  it.each(named(file.forms))("%s", (_, form) => {
    const manifest = decodeManifest(fromHex(form.manifest));
    const rows = [...manifest.members].map((row) => ({
      ...row,
      subjectId: toHex(row.subjectId),
      fingerprint: toHex(row.fingerprint),
    }));
    expect(rows).toEqual(form.rows);
    expect(toHex(manifest.hash)).toBe(form.hash);
    expect(toHex(manifest.volumeId)).toBe(form.volumeId);
    expect([manifest.version, manifest.g]).toEqual([form.version, form.g]);
  });

  it.each(named(file.refusedForms))("refuse %s", async (_, { refuse, manifest }) => {
    expect(await refusalOf(() => decodeManifest(fromHex(manifest)))).toBe(refuse);
  });

  it.each(named(file.refusedFirsts))("refuse a first one: %s", async (_, { refuse, manifest }) => {
    expect(await refusalOf(() => verifyGenesisManifest(decodeManifest(fromHex(manifest)), proofs))).toBe(refuse);
  });

  const follow = ({ before, next }: VectorCase) =>
    refusalOf(() => verifyManifestSuccession(decodeManifest(fromHex(before)), decodeManifest(fromHex(next)), proofs));
  it.each(named(file.accepted))("accept that %s", async (_, one) => {
    expect(await follow(one)).toBe("accepted");
  });
  it.each(named(file.refused))("refuse that %s", async (_, one) => {
    expect(await follow(one)).toBe(one.refuse);
  });
});

describe("commits of the second implementation", () => {
  const file = vectors("commit");
  const proofs = { signatureKeys: keysOfVectors(file), identityChain: chainsOfVectors(file) };

  it.each(named(file.forms))("%s", (_, form: VectorCase) => {
    const commit = decodeCommit(fromHex(form.commit));
    expect(toHex(commit.hash)).toBe(form.hash);
    for (const field of ["sequence", "kind", "timeMs", "manifestVersion", "g"] as const) {
      expect(commit[field]).toBe(form[field]);
    }
    expect(toHex(commit.writerFingerprint)).toBe(form.writerFingerprint);
    expect(toHex(commit.stateRoot)).toBe(form.stateRoot);
    expect([...commit.changes].map(hexOf)).toEqual(form.changes);
    const counts = (list: typeof commit.added) =>
      [...list].map(({ objectId, count }) => ({ objectId: toHex(objectId), count }));
    expect(counts(commit.added)).toEqual(form.added);
    expect(counts(commit.dropped)).toEqual(form.dropped);
    expect([...commit.abandoned].map(({ sequence, hash }) => ({ sequence, hash: toHex(hash) }))).toEqual(
      form.abandoned,
    );
  });

  it.each(named(file.refusedForms))("refuse %s", async (_, { refuse, commit }) => {
    expect(await refusalOf(() => decodeCommit(fromHex(commit)))).toBe(refuse);
  });

  const genesis = ({ commit, manifest }: VectorCase) =>
    verifyGenesis({ commit: decodeCommit(fromHex(commit)), manifest: decodeManifest(fromHex(manifest)), ...proofs });
  it.each(named(file.genesis))("accept %s", (_, one: VectorCase) => {
    expect([...genesis(one).state.pages()].map(hexOf)).toEqual(one.pages);
  });
  it.each(named(file.refusedGenesis))("refuse a genesis: %s", async (_, one) => {
    expect(await refusalOf(() => genesis(one))).toBe(one.refuse);
  });

  const follow = ({ before, commit, newManifest }: VectorCase) =>
    verifyCommit({
      previous: decodeCommit(fromHex(before.head)),
      commit: decodeCommit(fromHex(commit)),
      manifest: decodeManifest(fromHex(before.manifest)),
      nextManifest: newManifest === undefined ? undefined : decodeManifest(fromHex(newManifest)),
      state: StateTree.fromPages(before.pages.map(pageOf)),
      ...proofs,
    });
  it.each(named(file.accepted))("accept %s", (_, one: VectorCase) => {
    expect(inOrder([...follow(one).state.pages()].map(hexOf))).toEqual(inOrder(one.pagesAfter));
  });
  it.each(named(file.refused))("refuse %s", async (_, one) => {
    expect(await refusalOf(() => follow(one))).toBe(one.refuse);
  });
});

describe("state trees of the second implementation", () => {
  const file = vectors("state");
  const volumeId = fromHex(file.volumeId);
  const nodeId = (index: number) => sha256(utf8Encode("node"), uint32(index)).slice(0, 16);
  const page = (node: Uint8Array, range: PageRange, version: number): PageRef => {
    const { bitsLength, bits } = range;
    const place = Uint8Array.of(bitsLength, bits >> 8, bits & 0xff);
    return { nodeId: node, bitsLength, bits, version, recordHash: sha256(node, place, uint64(version)) };
  };
  const treeOf = ({ folders, splits }: { folders: number; splits: number }) => {
    const pages = Array.from({ length: folders }, (_, i) => page(nodeId(i), WHOLE_FOLDER, i + 1));
    let ranges: PageRange[] = splits < 0 ? [] : [WHOLE_FOLDER];
    for (let i = 0; i < splits; i++) ranges = ranges.flatMap((range) => [...halvesOf(range)]);
    return StateTree.fromPages([...pages, ...ranges.map((range, i) => page(nodeId(1_000_000), range, i + 1))]);
  };

  it("have the same roots", () => {
    for (const tree of file.trees) {
      expect([tree.folders, toHex(treeOf(tree).root(volumeId))]).toEqual([tree.folders, tree.stateRoot]);
      expect(treeOf(tree).pageCount).toBe(tree.pages);
    }
  });

  const ask = (one: VectorCase) =>
    verifyStatePath({
      path: fromHex(one.path),
      volumeId: fromHex(one.volumeId ?? file.volumeId),
      stateRoot: fromHex(one.stateRoot),
      nodeId: fromHex(one.nodeId),
      range: one,
    });
  it.each(named(file.paths))("path: %s", (_, one: VectorCase) => {
    expect(toHex(treeOf(one).prove(fromHex(one.nodeId), one))).toBe(one.path);
    const found = ask(one);
    expect(found && { version: found.version, recordHash: toHex(found.recordHash) }).toEqual(one.found ?? null);
  });
  it.each(named(file.refusedPaths))("refuse a path: %s", async (_, one) => {
    expect(await refusalOf(() => ask(one))).toBe(one.refuse);
  });
});

describe("pages of the second implementation", () => {
  const file = vectors("page");

  it("split and cover as written", () => {
    for (const { page, halves } of file.splits) expect(halvesOf(page)).toEqual(halves);
    const covers = (pages: PageRange[]) =>
      pages.length === 0 || isComplete(pages.toSorted((a, b) => a.bits - b.bits || a.bitsLength - b.bitsLength));
    for (const { pages } of file.covers.complete) expect(covers(pages)).toBe(true);
    for (const { pages } of file.covers.refused) expect(covers(pages)).toBe(false);
  });

  it.each(named(file.refusedIntroductions))("refuse one introduced %s", async (_, one: VectorCase) => {
    const record = parsePageRecord(fromHex(one.record));
    const { header } = record;
    const recordHash = sha256(record.bytes);
    const change = {
      nodeId: header.nodeId,
      bitsLength: header.bitsLength,
      bits: header.bits,
      version: header.version,
      recordHash,
    };
    const under = (commit: object) => ({
      volumeId: header.volumeId,
      changes: { find: () => change },
      ...commit,
    });
    const before = StateTree.fromPages([{ ...change, version: 1, recordHash: header.previousRecordHash }]);
    const verify = (commit: object) =>
      refusalOf(() => verifyPageAgainstCommit({ record, recordHash, commit: under(commit) as never, before }));
    expect(await verify(header)).toBe("accepted");
    expect(await verify({ ...one.commit, writerFingerprint: fromHex(one.commit.writerFingerprint) })).toBe(one.refuse);
  });
});

it("errors of rollback and fork say what was seen", () => {
  const position = { sequence: 5, hash: sha256(Uint8Array.of(1)) };
  expect(new RollbackError("x", 5, 4)).toMatchObject({ code: "rollback", details: { accepted: 5, offered: 4 } });
  expect(new ForkError("x", position, position)).toMatchObject({ code: "fork", details: { offered: { sequence: 5 } } });
});
