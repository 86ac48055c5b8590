/** Sealing and opening of contents: on this thread, and the pieces a platform needs to do it on others. */

export { BufferPool } from "./buffer-pool.ts";
export {
  openedBufferSize,
  openObjectsInto,
  openSegmentsInto,
  sealedBufferSize,
  sealPartInto,
  sealWhole,
} from "./crypto.ts";
export { InProcessSealer } from "./in-process-sealer.ts";
