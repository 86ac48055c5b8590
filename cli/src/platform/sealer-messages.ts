import type { OpenSegmentsJob, SealPartJob } from "@excalibur/sdk/ports";

/** To the thread. The job's bytes and `into` travel by transfer. */
export type SealerTask =
  | { readonly what: "seal"; readonly job: SealPartJob; readonly into: Uint8Array }
  | { readonly what: "open"; readonly job: OpenSegmentsJob; readonly into: Uint8Array };

/** From the thread. `input` is the job's bytes, on their way back. */
export type SealerAnswer =
  | { readonly what: "sealed"; readonly bytes: Uint8Array; readonly leaves: Uint8Array; readonly input: Uint8Array }
  | { readonly what: "opened"; readonly data: Uint8Array; readonly input: Uint8Array }
  | { readonly what: "failed"; readonly input: Uint8Array };
