import { ascii, type Bytes, concat, hex, zeros } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { type Binding, type Expected, KIND, open, seal } from "../../object/exef.ts";
import { objectRoot } from "../../object/merkle.ts";
import { type Case, fixed, type Json, refused, repeated, vectorIvs } from "../vector-file.ts";

export const PATTERN = ascii("Excalibur");

export const KEY = fixed("exef key", 32);

export const OTHER_KEY = fixed("another exef key", 32);

export const IV = fixed("exef iv", 32);

export const OBJECT_ID = fixed("exef object", 16);

export const NONE = zeros(0);

export interface Sealed {
  readonly binding: Binding;
  readonly data: Bytes;
  readonly recipe: Json;
  readonly ciphertext: Bytes;
}

export function sealed(kind: number, size: number, context: Uint8Array = NONE): Sealed {
  const { bytes, recipe } = repeated(PATTERN, size);
  const binding = { kind, objectId: OBJECT_ID, key: KEY, context };
  return { binding, data: bytes, recipe, ciphertext: seal(binding, vectorIvs(IV), bytes) };
}

export const SMALL = sealed(KIND.content, 100);

export const SLOT = sealed(KIND.slot, 32, concat(Uint8Array.of(1), fixed("slot context", 37)));

export interface Wrong {
  readonly name: string;
  readonly refuse: RefusalClass;
  readonly wrong: string;
}

/** What the opener expects, with anything changed that the case is about. */
export function expectation(object: Sealed, changes: Partial<Expected> = {}): Expected {
  const root = objectRoot(object.ciphertext);
  const known = object.binding.kind <= KIND.thumbnail ? { root, size: object.data.length } : {};
  return { ...object.binding, ...known, ...changes };
}

export function describe(expected: Expected): { [key: string]: Json } {
  return {
    kind: expected.kind,
    ...(expected.objectId ? { objectId: hex(expected.objectId) } : {}),
    key: hex(expected.key),
    context: hex(expected.context),
    ...(expected.root ? { root: hex(expected.root) } : {}),
    ...(expected.size === undefined ? {} : { size: expected.size }),
  };
}

/** Small enough to stand in the file. The root fits the altered bytes unless the case is about the root. */
export function refusedBytes(wrong: Wrong, ciphertext: Bytes, expected: Expected): Case {
  const input = { ...describe(expected), ciphertext: hex(ciphertext) };
  return refused(wrong.name, { refuse: wrong.refuse, wrong: wrong.wrong }, input, () => open(ciphertext, expected));
}

export function fittingRoot(ciphertext: Bytes): { root: Bytes } {
  return { root: objectRoot(ciphertext) };
}
