import type { SignatureKeys } from "@excalibur/core/identity";
import type { Commit, Manifest, StateTree } from "@excalibur/core/volume/record";
import type { AcceptedHead } from "./types.ts";

/** A verified state of a volume. Immutable: every accepted commit gives a new one. */
export interface AcceptedState {
  readonly volumeId: Uint8Array;
  readonly head: AcceptedHead;
  readonly commit: Commit;
  readonly manifest: Manifest;
  readonly tree: StateTree;
  /** Volume keys by generation, each checked against its manifest's commitment. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  readonly signatureKeys: SignatureKeys;
}
