import type { OpenSegmentsJob, SealPartJob } from "@excalibur/sdk/ports";

/** To the thread. `into` is memory that both sides see. */
export type SealerTask =
  | { readonly what: "seal"; readonly job: SealPartJob; readonly into: Uint8Array }
  | { readonly what: "open"; readonly job: OpenSegmentsJob; readonly into: Uint8Array };

/** From the thread, when `into` is filled. */
export type SealerAnswer =
  | { readonly what: "sealed"; readonly leaves: Uint8Array }
  | { readonly what: "opened"; readonly lengthBytes: number }
  | { readonly what: "failed" };
