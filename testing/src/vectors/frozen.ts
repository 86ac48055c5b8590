/** The project's own frozen vectors, as data. */

import { readFileSync } from "node:fs";

const folder = new URL("../../vectors/", import.meta.url);

/** The type says what a file holds; vectors.test.ts beside the reference proves that it is what the generator made. */
export function frozen<File>(name: string): File {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as File;
}

export type Recipe = { readonly repeat: string; readonly sizeBytes: number };
/** Hex, a recipe, or pieces of both. */
export type Packed = string | Recipe | readonly (string | Recipe)[];

export function unpack(packed: Packed): Uint8Array<ArrayBuffer> {
  if (typeof packed === "string") return new Uint8Array(Buffer.from(packed, "hex"));
  if (Array.isArray(packed)) return new Uint8Array(Buffer.concat((packed as (string | Recipe)[]).map(unpack)));
  const { repeat, sizeBytes } = packed as Recipe;
  const bytes = new Uint8Array(sizeBytes);
  if (sizeBytes > 0) Buffer.from(bytes.buffer).fill(Buffer.from(repeat, "hex"));
  return bytes;
}

export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return unpack(text);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export interface Named {
  readonly name: string;
}

export interface MustFail extends Named {
  readonly refuse: string;
  readonly wrong: string;
}
