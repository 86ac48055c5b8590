import type { OpenObjectsJob, OpenSegmentsJob, SealPartJob } from "@excalibur/sdk/ports";

/** To the thread. `into` is memory that both sides see. */
export type SealerTask =
  | { readonly what: "seal"; readonly job: SealPartJob; readonly into: Uint8Array }
  | { readonly what: "open"; readonly job: OpenSegmentsJob; readonly into: Uint8Array }
  | { readonly what: "open-objects"; readonly job: OpenObjectsJob };

/** From the thread, when `into` is filled. */
export type SealerAnswer =
  | { readonly what: "sealed"; readonly leaves: Uint8Array }
  | { readonly what: "opened"; readonly lengthBytes: number }
  /** -1: this one failed. */
  | { readonly what: "opened-objects"; readonly lengthsBytes: readonly number[] }
  | { readonly what: "failed" };
