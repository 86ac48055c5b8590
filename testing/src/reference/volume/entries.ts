/** The plaintext of a page (spec/volumes.md §3). */

import { type Bytes, equal, growsStrictly, hex, isZero } from "../foundations/bytes.ts";
import { decode, encode, type Value } from "../foundations/cbor.ts";
import {
  arrayField,
  asMap,
  bytesField,
  type CborMap,
  intField,
  onlyKeys,
  textField,
  uintField,
} from "../foundations/fields.ts";
import { demand } from "../foundations/refusal.ts";
import { ciphertextLength, shapeOf } from "../object/padding.ts";
import { holds, type PagePlace } from "./page-place.ts";

export const MAX_ENTRIES = 256;
export const MAX_PAGE_BYTES = 131_072;
export const MAX_LAST_PAGE_BYTES = 1_048_576;
export const MAX_ENTRY_BYTES = 8192;
export const MAX_VERSIONS = 10;
export const TYPE = { folder: 0, file: 1, mount: 2 } as const;

export interface PageIdentity extends PagePlace {
  readonly volumeId: Uint8Array;
  readonly nodeId: Uint8Array;
}

export interface PageContent {
  readonly entries: readonly CborMap[];
  /** undefined on pages whose bits are not 0. */
  readonly parentNodeId?: Uint8Array | null;
  readonly trashNodeId?: Uint8Array;
  readonly label?: string;
  readonly singleFile?: boolean;
}

/** Refuses whatever a reader must refuse; returns the entries as maps, unknown keys included. */
export function readPageContent(plaintext: Uint8Array, page: PageIdentity): PageContent {
  const limit = page.bitsLength === 16 ? MAX_LAST_PAGE_BYTES : MAX_PAGE_BYTES;
  demand(plaintext.length <= limit, "malformed", "The page is too large.");
  const map = asMap(decode(plaintext));
  const carriesFolder = page.bits === 0;
  onlyKeys(map, carriesFolder ? [1, 2, 3] : [1]);
  const entries = arrayField(map, 1).map((entry) => readEntry(entry, page));
  demand(entries.length <= MAX_ENTRIES || page.bitsLength === 16, "malformed", "Too many entries.");
  const ids = entries.map((entry) => bytesField(entry, 1, 16));
  demand(growsStrictly(ids), "malformed", "Entries are not sorted, or one is there twice.");
  return carriesFolder ? { entries, ...readFolderFields(map, page) } : { entries };
}

function readFolderFields(map: CborMap, page: PageIdentity): Omit<PageContent, "entries"> {
  const isRoot = equal(page.nodeId, page.volumeId);
  demand(map.has(2), "malformed", "The parent is missing.");
  demand((map.get(2) === null) === isRoot, "malformed", "Only the root has no parent.");
  const parentNodeId = isRoot ? null : bytesField(map, 2, 16);
  const attributes = asMap(map.get(3));
  onlyKeys(attributes, isRoot ? [1, 2, 3] : []);
  if (!isRoot) return { parentNodeId };
  const trashNodeId = bytesField(attributes, 1, 16);
  const label = attributes.has(2) ? { label: textField(attributes, 2, 1024) } : {};
  const singleFile = isSingleFile(attributes) ? { singleFile: true } : {};
  return { parentNodeId, trashNodeId, ...label, ...singleFile };
}

function readEntry(value: Value, page: PagePlace): CborMap {
  const entry = asMap(value);
  demand(encode(value).length <= MAX_ENTRY_BYTES, "malformed", "The entry is too large.");
  const type = uintField(entry, 2);
  if (type <= TYPE.mount) onlyKeys(entry, [1, 2, 3, 4, 5, 6, 9, ...allowedByType(type)]);
  demand(holds(page, bytesField(entry, 1, 16)), "malformed", "The entry belongs to another page.");
  textField(entry, 3, 1024);
  uintField(entry, 4);
  intField(entry, 5);
  bytesField(entry, 6, 16);
  if (entry.has(9)) {
    const trashed = asMap(entry.get(9));
    onlyKeys(trashed, [1, 2]);
    uintField(trashed, 1);
    bytesField(trashed, 2, 16);
  }
  if (type === TYPE.file) readFile(asMap(entry.get(7)));
  if (type === TYPE.mount) {
    const mount = asMap(entry.get(8));
    onlyKeys(mount, [1, 2, 3]);
    bytesField(mount, 1, 16);
    bytesField(mount, 2, 32);
    isSingleFile(mount);
  }
  return entry;
}

/** Of a mount, or of the root's attributes: the type of the one thing that was shared. */
function isSingleFile(map: CborMap): boolean {
  if (!map.has(3)) return false;
  demand(uintField(map, 3) === TYPE.file, "malformed", "What is shared alone is a file.");
  return true;
}

function allowedByType(type: number): number[] {
  if (type === TYPE.file) return [7];
  return type === TYPE.mount ? [8] : [];
}

/** Keys 1 … 4: the object, its key, its root and its length. */
function readObject(map: CborMap): number {
  bytesField(map, 1, 16);
  demand(!isZero(bytesField(map, 2, 32)), "weak-key", "A file key of zeros.");
  bytesField(map, 3, 32);
  return uintField(map, 4);
}

function demandLength(length: number, size: number): void {
  demand(length === ciphertextLength(size), "malformed", "Size and ciphertext length disagree.");
}

function readFile(file: CborMap): void {
  onlyKeys(file, [1, 2, 3, 4, 5, 6, 7, 8]);
  demandLength(readObject(file), uintField(file, 5));
  textField(file, 6, 255);
  if (file.has(7)) {
    const thumbnail = asMap(file.get(7));
    onlyKeys(thumbnail, [1, 2, 3, 4]);
    shapeOf(readObject(thumbnail));
  }
  if (file.has(8)) {
    const versions = arrayField(file, 8).map(asMap);
    demand(versions.length >= 1 && versions.length <= MAX_VERSIONS, "malformed", "No or too many earlier versions.");
    for (const version of versions) {
      onlyKeys(version, [1, 2, 3, 4, 5, 6, 7]);
      demandLength(readObject(version), uintField(version, 5));
      intField(version, 6);
      uintField(version, 7);
    }
  }
}

export function encodePageContent(
  entries: readonly CborMap[],
  folder?: Omit<PageContent, "entries" | "parentNodeId"> & { readonly parentNodeId: Uint8Array | null },
): Bytes {
  const map: CborMap = new Map<number, Value>([[1, [...entries]]]);
  if (folder !== undefined) {
    map.set(2, folder.parentNodeId);
    const attributes = new Map<number, Value>();
    if (folder.trashNodeId !== undefined) attributes.set(1, folder.trashNodeId);
    if (folder.label !== undefined) attributes.set(2, folder.label);
    if (folder.singleFile) attributes.set(3, TYPE.file);
    map.set(3, attributes);
  }
  return encode(map);
}

/** Every objectId that these entries list, as often as they list it (§5 «added and dropped»). */
export function listedObjects(entries: readonly CborMap[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (map: CborMap) => {
    const id = hex(bytesField(map, 1, 16));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const entry of entries) {
    if (entry.get(2) !== TYPE.file) continue;
    const file = asMap(entry.get(7));
    count(file);
    if (file.has(7)) count(asMap(file.get(7)));
    if (file.has(8)) for (const version of arrayField(file, 8)) count(asMap(version));
  }
  return counts;
}

export interface ObjectDelta {
  readonly objectId: string;
  readonly count: number;
}

export function objectDelta(
  before: readonly CborMap[],
  after: readonly CborMap[],
): { added: ObjectDelta[]; dropped: ObjectDelta[] } {
  const [was, is] = [listedObjects(before), listedObjects(after)];
  const ids = [...new Set([...was.keys(), ...is.keys()])].sort();
  const differences = ids.map((objectId) => ({ objectId, count: (is.get(objectId) ?? 0) - (was.get(objectId) ?? 0) }));
  return {
    added: differences.filter(({ count }) => count > 0),
    dropped: differences.filter(({ count }) => count < 0).map(({ objectId, count }) => ({ objectId, count: -count })),
  };
}
