import type { ObjectId } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import { decodeBytes } from "../../decode-bytes.ts";

/** Who asks, and for which object. */
export function objectCaller(call: {
  readonly session: LiveSession;
  readonly params: { readonly objectId: ObjectId };
}) {
  return { userId: call.session.userId, objectId: decodeBytes(call.params.objectId) };
}
