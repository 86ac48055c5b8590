/** Sealing and opening objects. The server never reaches this room, not even through another file. */

export {
  ExcessBytesError,
  HeaderAuthError,
  KeyWeakError,
  ObjectMismatchError,
  PaddingError,
  SegmentAuthError,
  SourceChangedError,
  TruncatedError,
} from "./errors.ts";
export type { FirstSegmentOptions } from "./first-segment.ts";
export { firstSegmentLength, sizeInFirstSegment } from "./first-segment.ts";
export type { ObjectOpenerOptions } from "./object-opener.ts";
export { ObjectOpener } from "./object-opener.ts";
export type { ObjectSealerOptions, SealedPart } from "./object-sealer.ts";
export { ObjectSealer, partBufferSize } from "./object-sealer.ts";
export type { OpenRangeOptions, OpenStreamOptions } from "./open-stream.ts";
export { ciphertextRangeOfData, openRange, openStream } from "./open-stream.ts";
export type { SealStreamOptions, StreamedPart } from "./seal-stream.ts";
export { sealStream } from "./seal-stream.ts";
export type { SealUnsizedOptions } from "./seal-unsized.ts";
export { sealUnsizedStream } from "./seal-unsized.ts";
export type { OpenObjectOptions, SealedObject, SealObjectOptions } from "./whole-object.ts";
export { openObject, sealObject } from "./whole-object.ts";
