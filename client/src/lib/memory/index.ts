/**
 * [Note: What passes through is let go]
 * Files pass through the engine and the service worker a few megabytes at a time. The browser collects what has passed when it sees
 * a reason, and sees it late: what ciphers and requests gave lies about by the hundred megabytes. Of what is sent Chromium even makes
 * a copy for the service worker that stands in no book of its heap: an upload of a gigabyte left a gigabyte there. Routes ("what is sent
 * goes to the network") would spare that copy, but are heeded for requests of pages only, and the engine is a worker.
 *
 * So memory that is in the books is put beside what passes: buffers that nobody ever writes to, which take addresses and no memory.
 * They are the reason, every few parts, and everything that has passed goes with them.
 */

/** A weight for so many bytes: about one part. */
export const PART_BYTES = 4 * 1024 * 1024;
const WEIGHT_BYTES = 16 * 1024 * 1024;
/** As many grow old before they are let go: what dies young is collected without looking at anything else. */
const WEIGHTS = 6;

const weights: ArrayBuffer[] = [];
let passedBytes = 0;

/** Tells that so many bytes have passed, or are about to. */
export function notePassing(sizeBytes: number): void {
  for (passedBytes += sizeBytes; passedBytes >= PART_BYTES; passedBytes -= PART_BYTES) {
    if (weights.length === WEIGHTS) weights.length = 0;
    weights.push(new ArrayBuffer(WEIGHT_BYTES));
  }
}
