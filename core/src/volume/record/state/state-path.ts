import {
  ByteReader,
  type Bytes,
  ByteWriter,
  compareBytes,
  equalBytes,
  FormatError,
  isAllZero,
  readUint,
  toHex,
} from "../../../bytes/index.ts";
import { hashLabelled } from "../../../labels/index.ts";
import { sha256 } from "../../../primitives/index.ts";
import { VolumeIntegrityError } from "../errors.ts";
import { type PageRange, requirePageRange } from "./page-range.ts";
import { PAGE_SHAPE, pageKey } from "./page-tree.ts";
import {
  BRANCH_BODY_LENGTH,
  branchBody,
  EMPTY_ROOT,
  FAN_OUT,
  isLeaf,
  LEAF_LIMIT,
  nibbleAt,
  type TreeNode,
  type TreeShape,
} from "./tree-node.ts";

// For the hashed part only: what lies behind it in a leaf of the folder tree is not in a path.
const FOLDER_KEY_LENGTH = 16;
const FOLDER_ITEM_LENGTH = 48;
const PATH_LIMIT = 64 * 1024;

export interface StatePathSource {
  readonly folders: TreeNode | null;
  /** The tree of the folder's pages, null if the folder is absent. */
  readonly pages: TreeNode | null;
  readonly nodeId: Uint8Array;
  readonly range: PageRange;
}

/** statePath = treePath(folders) ‖ treePath(pages), the second left out if the folder is absent (volumes.md §7). */
export function encodeStatePath({ folders, pages, nodeId, range }: StatePathSource): Bytes {
  const stride = FOLDER_ITEM_LENGTH + PAGE_SHAPE.stride;
  const shape = { keyLength: FOLDER_KEY_LENGTH, hashedLength: FOLDER_ITEM_LENGTH, stride };
  const writer = new ByteWriter(4096);
  writeTreePath(writer, shape, folders, nodeId);
  if (pages !== null) writeTreePath(writer, PAGE_SHAPE, pages, pageKey(range));
  return writer.finish();
}

function writeTreePath(writer: ByteWriter, shape: TreeShape, root: TreeNode | null, key: Uint8Array): void {
  const bodies: Uint8Array[] = [];
  let node = root;
  while (node !== null && !isLeaf(node)) {
    bodies.push(branchBody(shape, node));
    node = node.children[nibbleAt(key, 0, bodies.length - 1)] as TreeNode | null;
  }
  writer.u8(bodies.length);
  for (const body of bodies) writer.bytes(body);
  const count = node?.count ?? 0;
  writer.u8(count);
  for (let i = 0; node !== null && i < count; i++) {
    writer.bytes(node.items.subarray(i * shape.stride, i * shape.stride + shape.hashedLength));
  }
}

export interface StatePathQuestion {
  readonly path: Uint8Array;
  readonly volumeId: Uint8Array;
  /** The signed state root the answer must stand under. */
  readonly stateRoot: Uint8Array;
  readonly nodeId: Uint8Array;
  readonly range: PageRange;
}

/**
 * What a path proves about one page: its version and record hash, or null if there is no such page. Throws FormatError
 * if the path is malformed, VolumeIntegrityError `state_path` if it does not lead to the root.
 */
export function verifyStatePath(question: StatePathQuestion): { version: number; recordHash: Bytes } | null {
  const { path, volumeId, stateRoot, nodeId, range } = question;
  requirePageRange(range);
  if (path.length > PATH_LIMIT) throw new FormatError("The state path is too long.");
  const reader = new ByteReader(path, "state path");
  const folders = readTreePath(reader, { keyLength: FOLDER_KEY_LENGTH, hashedLength: FOLDER_ITEM_LENGTH }, nodeId);
  const pages = folders.item === null ? null : readTreePath(reader, PAGE_SHAPE, pageKey(range));
  reader.finish();
  if (!equalBytes(hashLabelled("state", volumeId, folders.root), stateRoot)) throw broken(nodeId);
  if (pages === null || folders.item === null) return null;
  if (!equalBytes(pages.root, folders.item.subarray(FOLDER_KEY_LENGTH)) || isAllZero(pages.root)) throw broken(nodeId);
  if (pages.item === null) return null;
  return { version: readUint(pages.item, 3, 8), recordHash: pages.item.slice(11) as Bytes };
}

interface ReadPath {
  /** The root that the path hashes to. */
  readonly root: Uint8Array;
  readonly item: Uint8Array | null;
}

interface Expected {
  readonly hash: Uint8Array;
  readonly count: number;
}

function readTreePath(
  reader: ByteReader,
  { keyLength, hashedLength }: Pick<TreeShape, "keyLength" | "hashedLength">,
  key: Uint8Array,
): ReadPath {
  const depth = reader.u8();
  if (depth > 2 * keyLength) throw new FormatError("The state path is deeper than its keys.");
  let root: Uint8Array | null = null;
  let expected: Expected | null = null;
  for (let level = 0; level < depth; level++) {
    const body = reader.bytes(BRANCH_BODY_LENGTH);
    const hash = sha256(Uint8Array.of(1), body);
    root ??= hash;
    if (expected !== null && !equalBytes(hash, expected.hash)) throw broken(key);
    expected = childOf(body, expected, nibbleAt(key, 0, level), key);
  }
  const count = reader.u8();
  if (count > LEAF_LIMIT) throw new FormatError("The leaf of the state path is too large.");
  const items = reader.bytes(count * hashedLength);
  const leafHash = count === 0 ? EMPTY_ROOT : sha256(Uint8Array.of(0), items);
  if (expected !== null && (expected.count !== count || !equalBytes(leafHash, expected.hash))) throw broken(key);
  return { root: root ?? leafHash, item: itemOf(items, { keyLength, hashedLength }, key, depth) };
}

/** Checks an interior node and gives its child on the way to the key. */
function childOf(body: Uint8Array, parent: Expected | null, nibble: number, key: Uint8Array): Expected {
  let sum = 0;
  let child: Expected = { hash: EMPTY_ROOT, count: 0 };
  for (let i = 0; i < FAN_OUT; i++) {
    const count = readUint(body, i * 36, 4);
    const hash = body.subarray(i * 36 + 4, (i + 1) * 36);
    if ((count === 0) !== isAllZero(hash)) throw broken(key);
    if (i === nibble) child = { hash, count };
    sum += count;
  }
  // An interior node holds more than a leaf may; its count is what its parent says.
  if (sum <= LEAF_LIMIT || (parent !== null && parent.count !== sum)) throw broken(key);
  return child;
}

function itemOf(
  items: Uint8Array,
  { keyLength, hashedLength }: Pick<TreeShape, "keyLength" | "hashedLength">,
  key: Uint8Array,
  depth: number,
): Uint8Array | null {
  let found: Uint8Array | null = null;
  let previous: Uint8Array | null = null;
  for (let offset = 0; offset < items.length; offset += hashedLength) {
    const itemKey = items.subarray(offset, offset + keyLength);
    if (previous !== null && compareBytes(previous, itemKey) >= 0) throw broken(key);
    for (let level = 0; level < depth; level++) {
      if (nibbleAt(itemKey, 0, level) !== nibbleAt(key, 0, level)) throw broken(key);
    }
    if (equalBytes(itemKey, key)) found = items.subarray(offset, offset + hashedLength);
    previous = itemKey;
  }
  return found;
}

function broken(key: Uint8Array): VolumeIntegrityError {
  return new VolumeIntegrityError("page", "state_path", { key: toHex(key) });
}
