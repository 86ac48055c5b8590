import { concatBytes } from "@excalibur/core/bytes";
import { sealObject } from "@excalibur/core/exef/secret";
import { randomBytes } from "@excalibur/core/primitives";
import type { ObjectAmongOthers, SealerPort } from "../ports/index.ts";

interface SmallObjects {
  readonly plaintexts: readonly Uint8Array[];
  readonly objects: readonly ObjectAmongOthers[];
  readonly bytes: Uint8Array;
}

/** Sealed objects of these sizes, one after the other, as the server sends them. */
export async function sealSmallObjects(sizes: readonly number[]): Promise<SmallObjects> {
  const plaintexts = sizes.map((sizeBytes) => randomBytes(sizeBytes));
  const objects: ObjectAmongOthers[] = [];
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const plaintext of plaintexts) {
    const fileKey = randomBytes(32);
    const { objectId, root, bytes } = await sealObject({ key: fileKey, kind: 1, plaintext });
    const ciphertextLength = bytes.length;
    objects.push({ fileKey, objectId, root, ciphertextLength, sizeBytes: plaintext.length, start });
    parts.push(bytes);
    start += ciphertextLength;
  }
  return { plaintexts, objects, bytes: concatBytes(...parts) };
}

/** What the sealer makes of them, in buffers of its own: the data of each, or the code of its error. */
export async function openThem(
  sealer: SealerPort,
  { objects, bytes }: Pick<SmallObjects, "objects" | "bytes">,
): Promise<unknown[]> {
  const [input, into] = [sealer.buffer(bytes.length), sealer.buffer(bytes.length)];
  input.set(bytes);
  into.fill(0xee);
  const opened = await sealer.openObjects({ objects, bytes: input, into });
  const fates = opened.map((each) => ("data" in each ? each.data.slice() : (each.error as { code: string }).code));
  sealer.recycle(input);
  sealer.recycle(into);
  return fates;
}

/** Ways to serve something else than the entry says, each with what the person is told. */
export const SMALL_FORGERIES: readonly {
  readonly what: string;
  readonly code: string;
  readonly forge: (sealed: SmallObjects, index: number) => Pick<SmallObjects, "objects" | "bytes">;
}[] = [
  { what: "a bit of its segment", code: "exef_segment_altered", forge: (sealed, index) => flipped(sealed, index, 300) },
  {
    what: "a bit of its header tag",
    code: "exef_header_altered",
    forge: (sealed, index) => flipped(sealed, index, 90),
  },
  {
    what: "another root",
    code: "exef_object_mismatch",
    forge: (sealed, index) => saying(sealed, index, { root: randomBytes(32) }),
  },
  {
    what: "another id",
    code: "exef_object_mismatch",
    forge: (sealed, index) => saying(sealed, index, { objectId: randomBytes(16) }),
  },
  {
    what: "another key",
    code: "exef_header_altered",
    forge: (sealed, index) => saying(sealed, index, { fileKey: randomBytes(32) }),
  },
  {
    what: "another size",
    code: "exef_object_mismatch",
    forge: (sealed, index) => saying(sealed, index, { sizeBytes: 1 }),
  },
];

function flipped({ objects, bytes }: SmallObjects, index: number, offset: number) {
  const altered = bytes.slice();
  const at = (objects[index]?.start ?? 0) + offset;
  altered[at] = (altered[at] ?? 0) ^ 1;
  return { objects, bytes: altered };
}

function saying({ objects, bytes }: SmallObjects, index: number, facts: Partial<ObjectAmongOthers>) {
  return { objects: objects.with(index, { ...(objects[index] as ObjectAmongOthers), ...facts }), bytes };
}
