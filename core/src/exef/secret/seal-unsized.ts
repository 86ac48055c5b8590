import { FormatError, PieceReader, type Pieces } from "../../bytes/index.ts";
import {
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_MAX_REAL_LENGTH,
  EXEF_PART_SEGMENTS,
  EXEF_PAYLOAD_SIZE,
} from "../public/index.ts";
import { ObjectSealer, type ObjectSealerOptions } from "./object-sealer.ts";
import type { StreamedPart } from "./seal-stream.ts";

const PART_DATA_SIZE = EXEF_PART_SEGMENTS * EXEF_PAYLOAD_SIZE;
const FIRST_PART_DATA_SIZE = PART_DATA_SIZE - EXEF_LENGTH_PREFIX_SIZE;

export interface SealUnsizedOptions extends Omit<ObjectSealerOptions, "size" | "iv"> {
  /** The data, of a length that nobody knows yet, in pieces of any size. */
  readonly source: Pieces;
}

/**
 * Seals a stream whose length is known at its end only. Part 0, which holds the length, comes last; the others come in
 * order. Memory stays at three parts. A part's bytes are valid only until the next one is asked for.
 */
export async function* sealUnsizedStream({ source, ...object }: SealUnsizedOptions): AsyncGenerator<StreamedPart> {
  const input = new PieceReader(source);
  const first = new Uint8Array(FIRST_PART_DATA_SIZE);
  const buffer = new Uint8Array(PART_DATA_SIZE);
  // Full parts of data in the middle of an object do not depend on its length, so the longest object there is seals them.
  const endless = new ObjectSealer({ ...object, size: EXEF_MAX_REAL_LENGTH });
  const into = new Uint8Array(endless.partLength(0));
  try {
    let size = await input.fill(first);
    let index = 1;
    let tail = await input.fill(buffer);
    while (!(await input.isAtEnd())) {
      if (index === endless.partCount - 1) throw tooLong();
      yield { index, ...(await endless.sealPart(index, buffer, into)) };
      size += tail;
      index += 1;
      tail = await input.fill(buffer);
    }
    size += tail;
    if (size > EXEF_MAX_REAL_LENGTH) throw tooLong();
    const sealer = new ObjectSealer({ ...object, size, iv: endless.iv });
    for (; index < sealer.partCount; index++) {
      const { start, end } = sealer.plaintextRangeOfPart(index);
      yield { index, ...(await sealer.sealPart(index, buffer.subarray(0, end - start), into)) };
    }
    const { end } = sealer.plaintextRangeOfPart(0);
    yield { index: 0, ...(await sealer.sealPart(0, first.subarray(0, end), into)) };
  } finally {
    first.fill(0);
    buffer.fill(0);
    await input.close();
  }
}

function tooLong(): FormatError {
  return new FormatError(`An object holds at most ${EXEF_MAX_REAL_LENGTH} bytes. Nothing was sealed.`);
}
