import type { VolumeId } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import { decodeBytes } from "../../decode-bytes.ts";

/** Who asks, and for which volume. */
export function volumeCaller(call: {
  readonly session: LiveSession;
  readonly params: { readonly volumeId: VolumeId };
}) {
  return { userId: call.session.userId, volumeId: decodeBytes(call.params.volumeId) };
}
