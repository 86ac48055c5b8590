import { concatBytes, decodeCbor } from "@excalibur/core/bytes";
import type { IdentityChain } from "@excalibur/core/identity";
import { sha256 } from "@excalibur/core/primitives";
import {
  decodePageContent,
  encodePageContent,
  listedObjects,
  nameProblem,
  openPage,
  type PagePlace,
} from "@excalibur/core/volume/content";
import {
  decodeCommit,
  decodeManifest,
  halvesOf,
  isComplete,
  type ManifestProofs,
  type PageRange,
  type PageRef,
  parsePageRecord,
  StateTree,
  verifyCommit,
  verifyGenesis,
  verifyGenesisManifest,
  verifyManifestSuccession,
  verifyPageAgainstCommit,
  verifyRejoin,
  verifyStatePath,
} from "@excalibur/core/volume/record";
import { describe, expect, it } from "vitest";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, type Packed, unhex, unpack } from "../frozen.ts";
import { keysOf, type PersonJson } from "../people-json.ts";

// ── page.json ────────────────────────────────────────────────────────────────────────────────────────────────────

interface PlaceJson extends PageRange {
  readonly volumeId: string;
  readonly nodeId: string;
}

interface RecordCase extends PlaceJson {
  readonly version: number;
  readonly headG: number;
  readonly vk: string;
  readonly recordHash: string;
  readonly record: Packed;
}

interface DeltaCase extends Named {
  readonly before: string;
  readonly after: string;
  readonly added: readonly { objectId: string; count: number }[];
  readonly dropped: readonly { objectId: string; count: number }[];
}

interface PageFile {
  readonly records: readonly (Named &
    RecordCase & { readonly plaintext: string; readonly g: number; readonly manifestVersion: number })[];
  readonly refusedRecords: readonly (MustFail & RecordCase)[];
  readonly refusedIntroductions: readonly (MustFail & {
    readonly record: string;
    readonly commit: { readonly writerFingerprint: string; readonly g: number; readonly manifestVersion: number };
  })[];
  readonly contents: readonly (Named &
    PlaceJson & {
      readonly plaintext: Packed;
      readonly entries: readonly { childId: string; type: number; name: string }[];
      readonly parentNodeId?: string | null;
      readonly trashNodeId?: string;
      readonly label?: string;
    })[];
  readonly refusedContents: readonly (MustFail & PlaceJson & { readonly plaintext: Packed })[];
  readonly splits: readonly { readonly page: PageRange; readonly halves: readonly PageRange[] }[];
  readonly covers: {
    readonly complete: readonly (Named & { readonly pages: readonly PageRange[] })[];
    readonly refused: readonly (MustFail & { readonly pages: readonly PageRange[] })[];
  };
  readonly names: readonly { readonly text: string; readonly allowed: boolean }[];
  readonly deltas: readonly DeltaCase[];
}

function placeOf({ volumeId, nodeId, bitsLength, bits }: PlaceJson): PagePlace {
  return { volumeId: unhex(volumeId), nodeId: unhex(nodeId), bitsLength, bits };
}

/** The g of a page record's header, for finding the key that the vectors give. */
function generationOf(record: Uint8Array): number {
  return record.length < 51 ? 0 : Buffer.from(record).readUInt32BE(47);
}

function openRecord(one: RecordCase) {
  const record = unpack(one.record);
  const place = placeOf(one);
  return openPage({
    volumeId: place.volumeId,
    expected: { ...place, version: one.version, recordHash: unhex(one.recordHash) },
    headG: one.headG,
    volumeKeys: new Map([[generationOf(record), unhex(one.vk)]]),
    record,
  });
}

function byBits(pages: readonly PageRange[]): PageRange[] {
  return [...pages].sort((a, b) => a.bits - b.bits || a.bitsLength - b.bitsLength);
}

function listing(plaintext: string, place: PagePlace): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of decodePageContent(unhex(plaintext), place).entries) {
    for (const objectId of listedObjects(entry)) counts.set(hex(objectId), (counts.get(hex(objectId)) ?? 0) + 1);
  }
  return counts;
}

function pageSuite(): void {
  describe("page.json", () => {
    const file = frozen<PageFile>("page");

    it("opens every record and writes the same plaintext again", async () => {
      for (const one of file.records) {
        const content = await openRecord(one);
        expect(hex(encodePageContent(content))).toBe(one.plaintext);
        const { header } = parsePageRecord(unpack(one.record));
        expect([header.g, header.manifestVersion]).toEqual([one.g, one.manifestVersion]);
      }
    });
    itRefuses("page records", file.refusedRecords, openRecord);

    it("reads every content and writes it again, unknown fields and types included", () => {
      for (const one of file.contents) {
        const content = decodePageContent(unpack(one.plaintext), placeOf(one));
        const entries = content.entries.map(({ childId, type, name }) => ({ childId: hex(childId), type, name }));
        expect(entries).toEqual(one.entries);
        const parent = content.folder?.parentNodeId;
        expect(parent ? hex(parent) : parent).toBe(one.parentNodeId);
        const trash = content.folder?.attributes.trashNodeId;
        expect(trash && hex(trash)).toBe(one.trashNodeId);
        expect(content.folder?.attributes.label).toBe(one.label);
        expect(hex(encodePageContent(content))).toBe(hex(unpack(one.plaintext)));
        decodeCbor(unpack(one.plaintext));
      }
    });
    itRefuses("page contents", file.refusedContents, (one) => decodePageContent(unpack(one.plaintext), placeOf(one)));

    it("splits pages alike", () => {
      for (const { page, halves } of file.splits) expect(halvesOf(page)).toEqual(halves);
    });
    it("knows what covers a folder", () => {
      for (const { pages } of file.covers.complete) expect(pages.length === 0 || isComplete(byBits(pages))).toBe(true);
      for (const { pages } of file.covers.refused) expect(isComplete(byBits(pages))).toBe(false);
    });
    it("allows the same names", () => {
      const judged = file.names.map(({ text }) => ({ text, allowed: nameProblem(text) === undefined }));
      expect(judged).toEqual(file.names);
    });
    it("counts the same objects", () => {
      const place = placeOf(file.contents[0] as PlaceJson);
      for (const { before, after, added, dropped } of file.deltas) {
        const [was, is] = [listing(before, place), listing(after, place)];
        const difference = (objectId: string) => (is.get(objectId) ?? 0) - (was.get(objectId) ?? 0);
        const ids = [...new Set([...was.keys(), ...is.keys()])].sort();
        expect(ids.filter((id) => difference(id) > 0).map((id) => ({ objectId: id, count: difference(id) }))).toEqual(
          added,
        );
        expect(ids.filter((id) => difference(id) < 0).map((id) => ({ objectId: id, count: -difference(id) }))).toEqual(
          dropped,
        );
      }
    });
    itRefuses("introductions of a page", file.refusedIntroductions, introduce);
    it("accepts the introduction of a page by its own commit", () => {
      for (const one of file.refusedIntroductions) {
        const { header } = parsePageRecord(unhex(one.record));
        introduce({ ...one, commit: { ...header, writerFingerprint: hex(header.writerFingerprint) } });
      }
    });
  });
}

/** A commit in memory that lists the page as it is, so that only its author can be wrong. */
function introduce(one: PageFile["refusedIntroductions"][number]): void {
  const record = parsePageRecord(unhex(one.record));
  const { header } = record;
  const recordHash = sha256(record.bytes);
  const before = StateTree.fromPages([
    { ...header, version: header.version - 1, recordHash: header.previousRecordHash },
  ]);
  const change = { ...header, recordHash };
  const changes = { find: () => change } as unknown as ReturnType<typeof decodeCommit>["changes"];
  const { writerFingerprint, g, manifestVersion } = one.commit;
  const named = { volumeId: header.volumeId, changes, writerFingerprint: unhex(writerFingerprint), g, manifestVersion };
  verifyPageAgainstCommit({ record, recordHash, commit: named as ReturnType<typeof decodeCommit>, before });
}

// ── manifest.json and commit.json ────────────────────────────────────────────────────────────────────────────────

interface WorldJson {
  readonly people: readonly PersonJson[];
  readonly chains: readonly { readonly from: string; readonly to: string }[];
}

/** Chains are a matter of identity.json; here they exist or not, as the file says. */
function proofsOf({ people, chains }: WorldJson): ManifestProofs {
  const identityChain = (subjectId: Uint8Array) => {
    const fingerprints = people
      .filter((person) => person.subjectId === hex(subjectId))
      .map((person) => person.fingerprint);
    const chain = chains.find(({ from }) => fingerprints.includes(from));
    if (chain === undefined) return undefined;
    const link = (fingerprint: string) => ({ userId: subjectId, fingerprint: unhex(fingerprint) });
    return [link(chain.from), link(chain.to)] as unknown as IdentityChain;
  };
  return { signatureKeys: keysOf(people), identityChain };
}

interface ManifestFile extends WorldJson {
  readonly forms: readonly (Named & {
    readonly manifest: string;
    readonly hash: string;
    readonly version: number;
    readonly g: number;
    readonly rows: readonly { subjectId: string; fingerprint: string; role: number; addedMs: number }[];
  })[];
  readonly refusedForms: readonly (MustFail & { readonly manifest: string })[];
  readonly refusedFirsts: readonly (MustFail & { readonly manifest: string })[];
  readonly accepted: readonly (Named & { readonly before: string; readonly next: string })[];
  readonly refused: readonly (MustFail & { readonly before: string; readonly next: string })[];
}

function manifestSuite(): void {
  describe("manifest.json", () => {
    const file = frozen<ManifestFile>("manifest");
    const proofs = proofsOf(file);
    const follow = ({ before, next }: { before: string; next: string }) =>
      verifyManifestSuccession(decodeManifest(unhex(before)), decodeManifest(unhex(next)), proofs);

    it("reads every manifest", () => {
      for (const one of file.forms) {
        const manifest = decodeManifest(unhex(one.manifest));
        expect([hex(manifest.hash), manifest.version, manifest.g]).toEqual([one.hash, one.version, one.g]);
        const rows = [...manifest.members].map(({ subjectId, fingerprint, role, addedMs }) => ({
          subjectId: hex(subjectId),
          fingerprint: hex(fingerprint),
          role,
          addedMs,
        }));
        expect(rows).toEqual(one.rows);
      }
    });
    itRefuses("manifests", file.refusedForms, ({ manifest }) => decodeManifest(unhex(manifest)));
    itRefuses("first manifests", file.refusedFirsts, ({ manifest }) =>
      verifyGenesisManifest(decodeManifest(unhex(manifest)), proofs),
    );
    for (const one of file.accepted) it(`accepts: ${one.name}`, () => follow(one));
    itRefuses("successions of manifests", file.refused, follow);
  });
}

interface PageRefJson extends PageRange {
  readonly nodeId: string;
  readonly version: number;
  readonly recordHash: string;
}

interface FollowCase {
  readonly before: { readonly head: string; readonly manifest: string; readonly pages: readonly PageRefJson[] };
  readonly commit: string;
  readonly newManifest?: string;
}

interface GenesisCase {
  readonly commit: string;
  readonly manifest: string;
}

interface RejoinCase {
  readonly previous: string;
  readonly commit: string;
  readonly manifests: readonly string[];
  readonly remembered?: {
    readonly sequence: number;
    readonly hash: string;
    readonly manifestHash: string;
    readonly isOnKeptBranch: boolean;
  };
}

interface CommitFile extends WorldJson {
  readonly rejoins: readonly (Named & RejoinCase)[];
  readonly refusedRejoins: readonly (MustFail & RejoinCase)[];
  readonly forms: readonly (Named & {
    readonly commit: string;
    readonly hash: string;
    readonly sequence: number;
    readonly kind: number;
    readonly timeMs: number;
    readonly abandoned: readonly { sequence: number; hash: string }[];
    readonly changes: readonly PageRefJson[];
    readonly added: readonly { objectId: string; count: number }[];
    readonly dropped: readonly { objectId: string; count: number }[];
  })[];
  readonly refusedForms: readonly (MustFail & { readonly commit: string })[];
  readonly genesis: readonly (Named & GenesisCase & { readonly pages: readonly PageRefJson[] })[];
  readonly refusedGenesis: readonly (MustFail & GenesisCase)[];
  readonly accepted: readonly (Named & FollowCase & { readonly pagesAfter: readonly PageRefJson[] })[];
  readonly refused: readonly (MustFail & FollowCase)[];
}

function pageRefs(pages: readonly PageRefJson[]): PageRef[] {
  return pages.map(({ nodeId, bitsLength, bits, version, recordHash }) => ({
    nodeId: unhex(nodeId),
    bitsLength,
    bits,
    version,
    recordHash: unhex(recordHash),
  }));
}

function pageJson(pages: Iterable<PageRef>): PageRefJson[] {
  return [...pages].map(({ nodeId, bitsLength, bits, version, recordHash }) => ({
    nodeId: hex(nodeId),
    bitsLength,
    bits,
    version,
    recordHash: hex(recordHash),
  }));
}

function inOrder(pages: readonly PageRefJson[]): PageRefJson[] {
  const key = ({ nodeId, bits, bitsLength }: PageRefJson) => `${nodeId} ${String(bits).padStart(5, "0")} ${bitsLength}`;
  return [...pages].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function commitSuite(): void {
  describe("commit.json", () => {
    const file = frozen<CommitFile>("commit");
    const proofs = proofsOf(file);
    const begin = ({ commit, manifest }: GenesisCase) =>
      verifyGenesis({ commit: decodeCommit(unhex(commit)), manifest: decodeManifest(unhex(manifest)), ...proofs });
    const follow = ({ before, commit, newManifest }: FollowCase) =>
      verifyCommit({
        previous: decodeCommit(unhex(before.head)),
        commit: decodeCommit(unhex(commit)),
        manifest: decodeManifest(unhex(before.manifest)),
        ...(newManifest === undefined ? {} : { nextManifest: decodeManifest(unhex(newManifest)) }),
        state: StateTree.fromPages(pageRefs(before.pages)),
        ...proofs,
      });

    const rejoin = ({ previous, commit, manifests, remembered }: RejoinCase) =>
      verifyRejoin({
        previous: decodeCommit(unhex(previous)),
        commit: decodeCommit(unhex(commit)),
        manifests: manifests.map((manifest) => decodeManifest(unhex(manifest))),
        remembered: remembered && {
          ...remembered,
          hash: unhex(remembered.hash),
          manifestHash: unhex(remembered.manifestHash),
        },
        ...proofs,
      });

    it("reads every commit", () => {
      for (const one of file.forms) {
        const commit = decodeCommit(unhex(one.commit));
        expect([hex(commit.hash), commit.sequence, commit.kind, commit.timeMs]).toEqual([
          one.hash,
          one.sequence,
          one.kind,
          one.timeMs,
        ]);
        const counts = (list: typeof commit.added) =>
          [...list].map(({ objectId, count }) => ({ objectId: hex(objectId), count }));
        expect(pageJson(commit.changes)).toEqual(one.changes);
        expect([counts(commit.added), counts(commit.dropped)]).toEqual([one.added, one.dropped]);
        expect([...commit.abandoned].map(({ sequence, hash }) => ({ sequence, hash: hex(hash) }))).toEqual(
          one.abandoned,
        );
      }
    });
    itRefuses("commits", file.refusedForms, ({ commit }) => decodeCommit(unhex(commit)));

    for (const one of file.genesis) {
      it(`accepts: ${one.name}`, () => expect(pageJson(begin(one).state.pages())).toEqual(inOrder(one.pages)));
    }
    itRefuses("genesis commits", file.refusedGenesis, begin);
    for (const one of file.accepted) {
      it(`accepts: ${one.name}`, () => expect(pageJson(follow(one).state.pages())).toEqual(inOrder(one.pagesAfter)));
    }
    itRefuses("successions of commits", file.refused, follow);
    for (const one of file.rejoins)
      it(`accepts a rejoin: ${one.name}`, () => expect(rejoin(one).manifest).toBeDefined());
    itRefuses("rejoins", file.refusedRejoins, rejoin);
  });
}

// ── state.json ───────────────────────────────────────────────────────────────────────────────────────────────────

interface PathCase extends PageRange {
  readonly folders: number;
  readonly splits: number;
  readonly stateRoot: string;
  readonly nodeId: string;
  readonly path: string;
}

interface StateFile {
  readonly volumeId: string;
  readonly trees: readonly { folders: number; splits: number; pages: number; stateRoot: string }[];
  readonly paths: readonly (Named & PathCase & { readonly found: { version: number; recordHash: string } | null })[];
  readonly refusedPaths: readonly (MustFail & PathCase & { readonly volumeId: string })[];
}

function number(width: number, value: number): Uint8Array {
  return unhex(value.toString(16).padStart(2 * width, "0"));
}

/** The pages that state.json describes in words. */
function pagesOf(folders: number, splits: number): PageRef[] {
  const node = (i: number) => sha256(new TextEncoder().encode("node"), number(4, i)).slice(0, 16);
  const page = (nodeId: Uint8Array, range: PageRange, version: number): PageRef => {
    const { bitsLength, bits } = range;
    const recordHash = sha256(concatBytes(nodeId, number(1, bitsLength), number(2, bits), number(8, version)));
    return { nodeId, bitsLength, bits, version, recordHash };
  };
  const whole = { bitsLength: 0, bits: 0 };
  const small = Array.from({ length: folders }, (_, i) => page(node(i), whole, i + 1));
  const count = splits < 0 ? 0 : 2 ** splits;
  const large = Array.from({ length: count }, (_, i) =>
    page(node(1_000_000), { bitsLength: splits, bits: i * (65_536 / count) }, i + 1),
  );
  return [...small, ...large];
}

function verifyPath(one: PathCase, volumeId: string) {
  const { bitsLength, bits } = one;
  return verifyStatePath({
    path: unhex(one.path),
    volumeId: unhex(volumeId),
    stateRoot: unhex(one.stateRoot),
    nodeId: unhex(one.nodeId),
    range: { bitsLength, bits },
  });
}

function stateSuite(): void {
  describe("state.json", () => {
    const file = frozen<StateFile>("state");
    const volumeId = unhex(file.volumeId);

    it("builds the same trees, at once and page by page", () => {
      for (const { folders, splits, pages, stateRoot } of file.trees) {
        const list = pagesOf(folders, splits);
        expect(list.length).toBe(pages);
        expect(hex(StateTree.fromPages(list).root(volumeId))).toBe(stateRoot);
        let grown = StateTree.empty;
        for (let at = 0; at < list.length; at += 97) grown = grown.withPages(list.slice(at, at + 97).reverse());
        expect(hex(grown.root(volumeId))).toBe(stateRoot);
      }
    });
    it("makes and verifies the same paths", () => {
      for (const one of file.paths) {
        const { folders, splits, bitsLength, bits } = one;
        const tree = StateTree.fromPages(pagesOf(folders, splits));
        expect(hex(tree.prove(unhex(one.nodeId), { bitsLength, bits }))).toBe(one.path);
        const found = verifyPath(one, file.volumeId);
        expect(found && { version: found.version, recordHash: hex(found.recordHash) }).toEqual(one.found);
      }
    });
    itRefuses("paths", file.refusedPaths, (one) => verifyPath(one, one.volumeId));
  });
}

/** The product's volumes against page.json, manifest.json, commit.json and state.json. */
export function volumeSuite(): void {
  pageSuite();
  manifestSuite();
  commitSuite();
  stateSuite();
}
