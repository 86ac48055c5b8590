import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import type { BlobLocation, BlobStore } from "../blob-store.ts";

/** Random bytes under a random id. */
export function someObject(sizeBytes: number): { readonly id: string; readonly bytes: Uint8Array } {
  return { id: toBase64Url(randomBytes(16)), bytes: randomBytes(sizeBytes) };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await collect(chunks));
}

export function readAll(store: BlobStore, id: string, location: BlobLocation, length: number): Promise<Uint8Array> {
  return joined(store.read({ id, location, offset: 0, length }));
}

// Vitest's own comparison of megabytes takes seconds.
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** @throws Error when there is no such item, so that a test fails where it went wrong. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}
