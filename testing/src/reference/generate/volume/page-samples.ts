import { type Bytes, compare, hex } from "../../foundations/bytes.ts";
import type { Value } from "../../foundations/cbor.ts";
import type { CborMap } from "../../foundations/fields.ts";
import { ciphertextLength } from "../../object/padding.ts";
import type { PageIdentity } from "../../volume/entries.ts";
import type { PagePlace } from "../../volume/page-place.ts";
import { alice } from "../people/people.ts";
import { fixed, type Json, overwritten } from "../vector-file.ts";

export const VOLUME_ID = fixed("page volume", 16);

export const NODE_ID = fixed("page node", 16);

export const TRASH_ID = fixed("page trash", 16);

export const VK = fixed("page vk", 32);

export const TIME = 1_790_000_000_000;

export type Changes = readonly (readonly [number | string, Value | undefined])[];

export function changed(map: CborMap, changes: Changes): CborMap {
  const copy = new Map(map);
  for (const [key, value] of changes) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

export function folder(childId: Uint8Array, changes: Changes = []): CborMap {
  const map: CborMap = new Map<number, Value>([
    [1, childId],
    [2, 0],
    [3, "Photos"],
    [4, TIME],
    [5, TIME + 1],
    [6, alice.userId],
  ]);
  return changed(map, changes);
}

function objectFields(name: string, size: number): [number, Value][] {
  return [
    [1, fixed(`${name} object`, 16)],
    [2, fixed(`${name} key`, 32)],
    [3, fixed(`${name} root`, 32)],
    [4, ciphertextLength(size)],
    [5, size],
  ];
}

export function fileMap(name: string, size: number, changes: Changes = []): CborMap {
  return changed(new Map<number, Value>([...objectFields(name, size), [6, "image/jpeg"]]), changes);
}

export function file(childId: Uint8Array, name: string, size: number, changes: Changes = []): CborMap {
  return folder(childId, [
    [2, 1],
    [3, name],
    [7, fileMap(name, size, changes)],
  ]);
}

export function thumbnail(name: string): CborMap {
  return new Map(objectFields(`${name} thumbnail`, 5000).slice(0, 4));
}

export function version(name: string, size: number, changes: Changes = []): CborMap {
  return changed(new Map<number, Value>([...objectFields(name, size), [6, TIME - 5000], [7, TIME - 1000]]), changes);
}

export function mount(childId: Uint8Array, changes: Changes = []): CborMap {
  const target = new Map<number, Value>([
    [1, fixed("mounted volume", 16)],
    [2, fixed("mounted genesis", 32)],
  ]);
  return folder(childId, [
    [2, 2],
    [3, "Shared"],
    [8, changed(target, changes)],
  ]);
}

export function id(first: number, second: number, name = "child"): Bytes {
  return overwritten(fixed(`${name} ${first} ${second}`, 16), 0, Uint8Array.of(first, second));
}

export const A = id(0x10, 0);

export const B = id(0x20, 0);

export const C = id(0xf0, 0);

export const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };

export const IN_FOLDER: PageIdentity = { ...WHOLE, volumeId: VOLUME_ID, nodeId: NODE_ID };

export const IN_ROOT: PageIdentity = { ...WHOLE, volumeId: VOLUME_ID, nodeId: VOLUME_ID };

export const PARENT = { parentNodeId: VOLUME_ID };

export const ROOT = { parentNodeId: null, trashNodeId: TRASH_ID };

export function pageJson(page: PageIdentity): { [key: string]: Json } {
  const { volumeId, nodeId, bitsLength, bits } = page;
  return { volumeId: hex(volumeId), nodeId: hex(nodeId), bitsLength, bits };
}

export function manyEntries(count: number, place: PagePlace): CborMap[] {
  const width = 2 ** (16 - place.bitsLength);
  return Array.from({ length: count }, (_, i) => {
    const prefix = place.bits + Math.floor((i * width) / count);
    return folder(id(prefix >> 8, prefix & 255, `many ${i}`), [[3, `folder ${i}`]]);
  }).sort((a, b) => compare(a.get(1) as Bytes, b.get(1) as Bytes));
}

export const EVERYTHING = [
  folder(A, [
    [
      9,
      new Map<number, Value>([
        [1, TIME],
        [2, B],
      ]),
    ],
  ]),
  file(B, "photo.jpg", 3_000_000, [
    [7, thumbnail("photo.jpg")],
    [8, Array.from({ length: 10 }, (_, i) => version(`old ${i}`, i * 1000))],
    [64, "from a newer version"],
  ]),
  mount(C),
  folder(id(0xf1, 0), [
    [2, 7],
    [3, "symlink?"],
    [7, "anything"],
    [10, [1, 2]],
    [99, true],
  ]),
];
