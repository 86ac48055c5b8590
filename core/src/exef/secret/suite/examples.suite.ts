import { concatBytes } from "../../../bytes/index.ts";
import { randomBytes } from "../../../primitives/index.ts";
import { EXEF_KIND, type ExefKind } from "../../public/index.ts";
import { ObjectOpener, type SealedObject, sealObject } from "../index.ts";

export const PAYLOAD = 262_112;
export const FIRST = PAYLOAD - 8;
export const PART = 16 * PAYLOAD - 8;
export const kind = EXEF_KIND.content;

/** Lengths at which something changes: padding, segments, parts. */
export const EDGES = [0, 1, 511, 512, 513, FIRST - 1, FIRST, FIRST + 1, PAYLOAD, PAYLOAD + FIRST, 3 * PAYLOAD + 5];
export const PART_EDGES = [PART, PART + 1];

export const flip = (bytes: Uint8Array, at: number, bits = 1) =>
  bytes.map((byte, i) => (i === at ? byte ^ bits : byte));

/** The bytes in pieces of the given sizes, over and over. */
export async function* inPieces(bytes: Uint8Array, ...sizes: number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const piece of pieces) parts.push(new Uint8Array(piece));
  } catch (error) {
    return { bytes: concatBytes(...parts), error };
  }
  return { bytes: concatBytes(...parts), error: undefined };
}

export async function sealed(length: number, options: { context?: Uint8Array; kind?: ExefKind } = {}) {
  const [key, plaintext] = [randomBytes(32), randomBytes(length)];
  const object = await sealObject({ key, kind, plaintext, ...options });
  return { key, plaintext, object };
}

export function openerOf({ key, object, size }: { key: Uint8Array; object: SealedObject; size?: number }) {
  const { objectId, ctLength, root, bytes } = object;
  return new ObjectOpener({
    fileKey: key,
    kind,
    objectId,
    ctLength,
    root,
    header: bytes,
    ...(size !== undefined && { size }),
  });
}
