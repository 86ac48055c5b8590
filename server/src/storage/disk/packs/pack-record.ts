import { equalBytes, readUint, toBase64Url, writeUint } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import { idBytes } from "../layout.ts";

// spec/storage.md "Packs": magic8 ‖ state1 ‖ zero3 ‖ length4 ‖ objectId16 ‖ SHA-256(length4 ‖ objectId16 ‖ bytes)32 ‖ bytes
export const recordHeaderBytes = 64;
export const packMagic: Uint8Array = new TextEncoder().encode("EXCPACK1");
export const stateOffset = 8;
const lengthOffset = 12;
const idOffset = 16;
const digestOffset = 32;

export const liveState = 0x4c;
export const deadState = 0x44;

export interface RecordHeader {
  readonly id: string;
  /** The object's length, without this header. */
  readonly sizeBytes: number;
  readonly live: boolean;
  readonly digest: Uint8Array;
}

/** Writes the header of a live record into the first 64 bytes of `target`. */
export function writeRecordHeader(target: Uint8Array, { id, bytes }: { id: string; bytes: Uint8Array }): void {
  target.set(packMagic, 0);
  target[stateOffset] = liveState;
  target.fill(0, stateOffset + 1, lengthOffset);
  writeUint(target, lengthOffset, 4, bytes.length);
  target.set(idBytes(id), idOffset);
  target.set(digestOf(target, bytes), digestOffset);
}

/** Undefined when the bytes are not a record's header. The digest is not checked: it covers the object's bytes. */
export function readRecordHeader(header: Uint8Array): RecordHeader | undefined {
  if (header.length < recordHeaderBytes || !equalBytes(header.subarray(0, packMagic.length), packMagic))
    return undefined;
  const state = header[stateOffset];
  if (state !== liveState && state !== deadState) return undefined;
  if (header.subarray(stateOffset + 1, lengthOffset).some((byte) => byte !== 0)) return undefined;
  return {
    id: toBase64Url(header.subarray(idOffset, digestOffset)),
    sizeBytes: readUint(header, lengthOffset, 4),
    live: state === liveState,
    digest: header.slice(digestOffset, recordHeaderBytes),
  };
}

/** Whether a record is whole. */
export function recordMatches(header: Uint8Array, bytes: Uint8Array): boolean {
  const expected = header.subarray(digestOffset, recordHeaderBytes);
  return readUint(header, lengthOffset, 4) === bytes.length && equalBytes(digestOf(header, bytes), expected);
}

// The state byte is left out: it changes in place when the object is deleted.
function digestOf(header: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sha256(header.subarray(lengthOffset, digestOffset), bytes);
}
