import { type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { halves, type PagePlace } from "../../volume/page-place.ts";
import { makeStatePath, verifyStatePath } from "../../volume/state-path.ts";
import {
  childrenOf,
  encodeItems,
  folderItems,
  type PageState,
  pageItem,
  stateRoot,
  treeHash,
} from "../../volume/state-tree.ts";
import { type Case, fixed, flipped, type Json, overwritten, refused, type VectorFile } from "../vector-file.ts";

const VOLUME_ID = fixed("state volume", 16);
const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };

/** Folder i of the vectors: its nodeId is SHA-256("node" ‖ be32(i))[0..16). */
function nodeId(index: number): Bytes {
  return sha256(new TextEncoder().encode("node"), be(4, index)).slice(0, 16);
}

function pageOf(node: Uint8Array, place: PagePlace, version: number): PageState {
  const recordHash = sha256(node, be(1, place.bitsLength), be(2, place.bits), be(8, version));
  return { nodeId: node, ...place, version, recordHash };
}

function placesOf(depth: number): PagePlace[] {
  let places: PagePlace[] = [WHOLE];
  for (let i = 0; i < depth; i++) places = places.flatMap((place) => [...halves(place)]);
  return places;
}

/** `folders` folders of one page each, and one more folder split evenly `splits` times. */
function stateOf(folders: number, splits: number): PageState[] {
  const small = Array.from({ length: folders }, (_, i) => pageOf(nodeId(i), WHOLE, i + 1));
  const large = splits < 0 ? [] : placesOf(splits).map((place, i) => pageOf(nodeId(1_000_000), place, i + 1));
  return [...small, ...large];
}

const SHAPES: readonly (readonly [folders: number, splits: number])[] = [
  [0, -1],
  [1, -1],
  [2, -1],
  [63, -1],
  [64, -1],
  [65, -1],
  [66, -1],
  [1000, -1],
  [1, 0],
  [1, 6],
  [1, 7],
  [3, 10],
  [2000, 8],
];

function treeCases(): Json[] {
  return SHAPES.map(([folders, splits]) => {
    const pages = stateOf(folders, splits);
    return { folders, splits, pages: pages.length, stateRoot: hex(stateRoot(VOLUME_ID, pages)) };
  });
}

interface Question {
  readonly folders: number;
  readonly splits: number;
  readonly nodeId: Bytes;
  readonly place: PagePlace;
}

function questionJson(question: Question, root: Bytes): { [key: string]: Json } {
  const { folders, splits, place } = question;
  return {
    folders,
    splits,
    stateRoot: hex(root),
    nodeId: hex(question.nodeId),
    bitsLength: place.bitsLength,
    bits: place.bits,
  };
}

function pathCase(name: string, question: Question): Case {
  const pages = stateOf(question.folders, question.splits);
  const root = stateRoot(VOLUME_ID, pages);
  const path = makeStatePath(pages, question.nodeId, question.place);
  const found = verifyStatePath({ volumeId: VOLUME_ID, stateRoot: root, ...question }, path);
  return {
    name,
    ...questionJson(question, root),
    path: hex(path),
    found: found ? { version: found.version, recordHash: hex(found.recordHash) } : null,
  };
}

const LARGE = nodeId(1_000_000);
const NOWHERE = nodeId(999_999);

function pathCases(): Case[] {
  const at = (folders: number, splits: number, node: Bytes, place = WHOLE): Question => ({
    folders,
    splits,
    nodeId: node,
    place,
  });
  return [
    pathCase("one folder", at(1, -1, nodeId(0))),
    pathCase("64 folders: a leaf", at(64, -1, nodeId(63))),
    pathCase("65 folders: one level", at(65, -1, nodeId(0))),
    pathCase("1000 folders", at(1000, -1, nodeId(500))),
    pathCase("a folder of 64 pages", at(1, 6, LARGE, { bitsLength: 6, bits: 0x0400 })),
    pathCase("a folder of 128 pages", at(1, 7, LARGE, { bitsLength: 7, bits: 0xfe00 })),
    pathCase("2001 folders and 256 pages", at(2000, 8, LARGE, { bitsLength: 8, bits: 0x8000 })),
    pathCase("a folder that is not there, in an empty volume", at(0, -1, NOWHERE)),
    pathCase("a folder that is not there, beside one", at(1, -1, NOWHERE)),
    pathCase("a folder that is not there, among 1000", at(1000, -1, NOWHERE)),
    pathCase("a folder that is not there, in an empty branch", at(66, -1, emptyBranch())),
    pathCase("a page that is not there", at(1, -1, nodeId(0), { bitsLength: 1, bits: 0 })),
    pathCase("a page that is not there, among 128", at(1, 7, LARGE, { bitsLength: 8, bits: 0x0100 })),
  ];
}

/** A key whose branch under the root of 66 folders holds nothing, or the nearest there is. */
function emptyBranch(): Bytes {
  const children = childrenOf(folderItems(stateOf(66, -1)), 0);
  const empty = children.findIndex((child) => child.length === 0);
  const first = empty < 0 ? 0 : empty;
  return overwritten(NOWHERE, 0, Uint8Array.of(first * 16 + 5));
}

function refusedPaths(): Case[] {
  const question: Question = { folders: 1000, splits: 7, nodeId: LARGE, place: { bitsLength: 7, bits: 0x1200 } };
  const pages = stateOf(question.folders, question.splits);
  const root = stateRoot(VOLUME_ID, pages);
  const path = makeStatePath(pages, question.nodeId, question.place);
  const depth = path[0] as number;
  const leafAt = 1 + depth * 576;
  const second = leafAt + 1 + (path[leafAt] as number) * 48;
  const make = (
    name: string,
    refuse: RefusalClass,
    bytes: Bytes,
    changes: Partial<Question> & { stateRoot?: Bytes; volumeId?: Bytes } = {},
  ): Case => {
    const asked = { ...question, ...changes };
    const trusted = changes.stateRoot ?? root;
    const volumeId = changes.volumeId ?? VOLUME_ID;
    const input = { ...questionJson(asked, trusted), volumeId: hex(volumeId), path: hex(bytes) };
    return refused(name, { refuse, wrong: name }, input, () =>
      verifyStatePath({ volumeId, stateRoot: trusted, nodeId: asked.nodeId, place: asked.place }, bytes),
    );
  };
  const integrity = (name: string, bytes: Bytes, changes = {}): Case => make(name, "integrity", bytes, changes);
  const malformed = (name: string, bytes: Bytes): Case => make(name, "malformed", bytes);
  return [
    integrity("another state root", path, { stateRoot: fixed("root", 32) }),
    integrity("another volume", path, { volumeId: fixed("volume", 16) }),
    integrity("a count in the first node changed", flipped(path, 4)),
    integrity("a hash in the first node changed", flipped(path, 5)),
    integrity("a folder's value in the leaf changed", flipped(path, leafAt + 1 + 16)),
    integrity("a page's record hash changed", flipped(path, -1)),
    integrity("a page's version changed", flipped(path, -33)),
    integrity("for another folder", path, { nodeId: nodeId(7) }),
    malformed("nothing", zeros(0)),
    malformed("a byte missing", path.slice(0, -1)),
    malformed("a byte left over", concat(path, zeros(1))),
    malformed("the second half missing", path.slice(0, second)),
    malformed("depth 33", overwritten(path, 0, Uint8Array.of(33))),
    malformed("depth 7 among the pages", overwritten(path, second, Uint8Array.of(7))),
    malformed("65 items in a leaf", overwritten(path, leafAt, Uint8Array.of(65))),
    malformed("deeper than its bytes", concat(Uint8Array.of(2), path.slice(1, 1 + 576 + 10))),
    ...forgedTrees(make),
  ];
}

/** Trees that a dishonest writer hashed: every hash fits, but the shape is not T's. */
function forgedTrees(
  make: (name: string, refuse: RefusalClass, bytes: Bytes, changes?: Partial<Question> & { stateRoot?: Bytes }) => Case,
): Case[] {
  const folders = folderItems(stateOf(3, -1));
  const node = nodeId(0);
  const pagePath = makeStatePath(stateOf(3, -1), node, WHOLE).slice(1 + 1 + 3 * 48);
  const ask = { folders: 3, splits: -1, nodeId: node, place: WHOLE };
  const rootOver = (hash: Bytes) => sha256(new TextEncoder().encode("excalibur/v3/state"), zeros(1), VOLUME_ID, hash);
  const bodyOf = (children: readonly { count: number; hash: Bytes }[]) =>
    concat(...children.flatMap(({ count, hash }) => [be(4, count), hash]));
  const honest = childrenOf(folders, 0).map((child) => ({
    count: child.length,
    hash: treeHash(child, 1) as Bytes,
    items: child,
  }));
  const branch = (node[0] as number) >> 4;
  const forged = (
    name: string,
    children: typeof honest,
    leafItems = (honest[branch] as (typeof honest)[number]).items,
  ): Case => {
    const body = bodyOf(children);
    const path = concat(be(1, 1), body, be(1, leafItems.length), encodeItems(leafItems), pagePath);
    return make(name, "integrity", path, { ...ask, stateRoot: rootOver(sha256(Uint8Array.of(1), body)) });
  };
  const padded = honest.map((child, i) =>
    i === (branch + 1) % 16 ? { ...child, count: 100, hash: fixed("x", 32) } : child,
  );
  const ghost = padded.map((child, i) =>
    i === (branch + 2) % 16 ? { ...child, count: 0, hash: fixed("y", 32) } : child,
  );
  const hollow = padded.map((child, i) => (i === (branch + 3) % 16 ? { ...child, count: 5, hash: zeros(32) } : child));
  const miscounted = padded.map((child, i) => (i === branch ? { ...child, count: child.count + 1 } : child));
  const reversed = [...folders].sort((a, b) => Buffer.compare(b.key, a.key));
  const unsortedHash = sha256(Uint8Array.of(0), ...reversed.flatMap((item) => [item.key, item.value]));
  const unsorted = concat(be(1, 0), be(1, 3), ...reversed.flatMap((item) => [item.key, item.value]), pagePath);
  const stranger = folders.filter((item) => (item.key[0] as number) >> 4 !== branch).slice(0, 1);
  const mixed = [...(honest[branch] as (typeof honest)[number]).items, ...stranger];
  const withStranger = padded.map((child, i) =>
    i === branch ? { ...child, count: mixed.length, hash: sha256(Uint8Array.of(0), encodeItems(mixed)) } : child,
  );
  return [
    forged("an interior node with so few items that it must be a leaf", honest),
    forged("an empty child with a hash", ghost),
    forged("a child with items and no hash", hollow),
    forged("a leaf with less items than its parent counts", miscounted),
    forged("a leaf that holds a key of another branch", withStranger, mixed),
    make("a leaf that is not sorted", "integrity", unsorted, { ...ask, stateRoot: rootOver(unsortedHash) }),
  ];
}

export function stateVectors(): VectorFile {
  const tiny = stateOf(1, -1);
  return {
    about:
      'State trees and paths (spec/volumes.md §6, §7). Folder i of `folders` has the nodeId SHA-256("node" ‖ be32(i))[0..16) and one page, version i + 1; if `splits` ≥ 0 there is one more folder, i = 1000000, split evenly `splits` times, its pages in order of bits having the versions 1, 2, 3 …. A page\'s recordHash is SHA-256(nodeId ‖ bitsLength1 ‖ bits2 ‖ version8).',
    volumeId: hex(VOLUME_ID),
    onePage: {
      item: hex(concat(pageItem(tiny[0] as PageState).key, pageItem(tiny[0] as PageState).value)),
      folderRoot: hex(treeHash(tiny.map(pageItem))),
      foldersHash: hex(treeHash(folderItems(tiny))),
      stateRoot: hex(stateRoot(VOLUME_ID, tiny)),
    },
    trees: treeCases(),
    paths: pathCases(),
    refusedPaths: refusedPaths(),
  };
}
