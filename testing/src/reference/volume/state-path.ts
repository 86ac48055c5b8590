/** Paths through the state tree (spec/volumes.md §7). */

import {
  type Bytes,
  be,
  concat,
  equal,
  fromBe,
  growsStrictly,
  hex,
  isZero,
  Reader,
  zeros,
} from "../foundations/bytes.ts";
import { sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type PagePlace, pageKey } from "./page-place.ts";
import {
  childrenOf,
  encodeItems,
  folderItems,
  type Item,
  interiorBody,
  LEAF_ITEMS,
  nibble,
  type PageState,
  pageItem,
  pagesByFolder,
  stateRootOf,
} from "./state-tree.ts";

interface Widths {
  readonly key: number;
  readonly value: number;
}
const FOLDERS: Widths = { key: 16, value: 32 };
const PAGES: Widths = { key: 3, value: 40 };
const INTERIOR_BYTES = 576;

export function makeTreePath(items: readonly Item[], key: Uint8Array): Bytes {
  const bodies: Bytes[] = [];
  let rest = items;
  while (rest.length > LEAF_ITEMS) {
    const depth = bodies.length;
    bodies.push(interiorBody(rest, depth));
    rest = childrenOf(rest, depth)[nibble(key, depth)] as Item[];
  }
  return concat(be(1, bodies.length), ...bodies, be(1, rest.length), encodeItems(rest));
}

interface ReadPath {
  /** The hash of the whole tree that this path belongs to. */
  readonly root: Bytes;
  readonly value: Bytes | undefined;
}

function readTreePath(reader: Reader, key: Uint8Array, widths: Widths): ReadPath {
  const depth = reader.uint(1);
  demand(depth <= 2 * widths.key, "malformed", "Deeper than the key.");
  let root: Bytes | undefined;
  let expected: Bytes | undefined;
  let expectedCount: number | undefined;
  for (let level = 0; level < depth; level++) {
    const body = reader.take(INTERIOR_BYTES);
    const hash = sha256(Uint8Array.of(1), body);
    root ??= hash;
    if (expected !== undefined) demand(equal(hash, expected), "integrity", "A node has another hash.");
    const children = Array.from({ length: 16 }, (_, i) => ({
      count: fromBe(body.slice(i * 36, i * 36 + 4)),
      hash: body.slice(i * 36 + 4, i * 36 + 36),
    }));
    const sum = children.reduce((total, child) => total + child.count, 0);
    demand(sum > LEAF_ITEMS, "integrity", "An interior node with so few items is a leaf.");
    demand(expectedCount === undefined || sum === expectedCount, "integrity", "Counts do not add up.");
    const emptyIsZero = children.every((child) => (child.count === 0) === isZero(child.hash));
    demand(emptyIsZero, "integrity", "An empty child must be zero, and only an empty one.");
    const next = children[nibble(key, level)] as { count: number; hash: Bytes };
    expected = next.hash;
    expectedCount = next.count;
  }
  const count = reader.uint(1);
  demand(count <= LEAF_ITEMS, "malformed", "A leaf with more than 64 items.");
  const items = Array.from({ length: count }, () => ({
    key: reader.take(widths.key),
    value: reader.take(widths.value),
  }));
  const leafHash =
    count === 0 ? zeros(32) : sha256(Uint8Array.of(0), ...items.flatMap((item) => [item.key, item.value]));
  demand(expectedCount === undefined || count === expectedCount, "integrity", "The leaf has another count.");
  demand(expected === undefined || equal(leafHash, expected), "integrity", "The leaf has another hash.");
  demand(growsStrictly(items.map((item) => item.key)), "integrity", "The leaf is not sorted.");
  const prefixed = items.every((item) =>
    Array.from({ length: depth }, (_, d) => nibble(item.key, d) === nibble(key, d)).every(Boolean),
  );
  demand(prefixed, "integrity", "The leaf holds keys of another branch.");
  return { root: root ?? leafHash, value: items.find((item) => equal(item.key, key))?.value };
}

export interface PathQuestion {
  readonly volumeId: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly place: PagePlace;
}

export function makeStatePath(pages: readonly PageState[], nodeId: Uint8Array, place: PagePlace): Bytes {
  const own = pagesByFolder(pages).get(hex(nodeId));
  const first = makeTreePath(folderItems(pages), nodeId);
  return own === undefined ? first : concat(first, makeTreePath(own.map(pageItem), pageKey(place)));
}

/** Version and record hash of the page, or undefined if the path proves that there is none. */
export function verifyStatePath(
  question: PathQuestion,
  path: Uint8Array,
): { version: number; recordHash: Bytes } | undefined {
  demand(path.length <= 65_536, "malformed", "The path is too long.");
  const reader = new Reader(path);
  const folders = readTreePath(reader, question.nodeId, FOLDERS);
  const root = stateRootOf(question.volumeId, folders.root);
  demand(equal(root, question.stateRoot), "integrity", "The path leads to another state.");
  if (folders.value === undefined) {
    reader.end();
    return undefined;
  }
  const pages = readTreePath(reader, pageKey(question.place), PAGES);
  reader.end();
  demand(equal(pages.root, folders.value), "integrity", "The path leads to another folder.");
  if (pages.value === undefined) return undefined;
  return { version: fromBe(pages.value.slice(0, 8)), recordHash: pages.value.slice(8) };
}
