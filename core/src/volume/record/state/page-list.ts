import { ByteReader, type Bytes, ByteWriter } from "../../../bytes/index.ts";
import { changeKey, type PageRef } from "./page-tree.ts";

/** nodeId16 ‖ bitsLength1 ‖ bits2 ‖ version8 ‖ recordHash32: a page in a list of pages, and a change in a commit. */
export const PAGE_REF_LENGTH = 59;

/** Pages as they travel and rest: one after the other, 59 bytes each, in the order given. */
export function encodePageList(pages: Iterable<PageRef>): Bytes {
  const writer = new ByteWriter(4096);
  for (const page of pages) writer.bytes(changeKey(page.nodeId, page)).u64(page.version).bytes(page.recordHash);
  return writer.finish();
}

/** Reads what `encodePageList` wrote, in place. Throws FormatError if bytes are left over; `StateTree` checks the rest. */
export function* decodePageList(bytes: Uint8Array): Generator<PageRef> {
  const reader = new ByteReader(bytes, "page list");
  while (reader.remaining > 0) {
    yield {
      nodeId: reader.bytes(16),
      bitsLength: reader.u8(),
      bits: reader.u16(),
      version: reader.u64(),
      recordHash: reader.bytes(32),
    };
  }
}
