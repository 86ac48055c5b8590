/** Messages of the WebSocket `/api/realtime`. A lost message costs one request and never correctness: a client catches up from its own head. */

import type { Static } from "typebox";
import { Bytes, Counter, LinkId, RequestId, VolumeId } from "./ids.ts";
import { Type } from "./schema.ts";

export const REALTIME_PATH = "/api/realtime";

/** First and only message of a client: the single-use ticket, never in the address. */
export const ClientMessage = Type.Object({
  type: Type.Literal("hello"),
  ticket: Bytes({ minBytes: 32, maxBytes: 32 }),
});
export type ClientMessage = Static<typeof ClientMessage>;

export const ServerMessage = Type.Union([
  Type.Object({ type: Type.Literal("ready") }),
  Type.Object({ type: Type.Literal("commit"), volumeId: VolumeId, sequence: Counter }),
  /** Who is in the volume is another list now, or somebody accepted or left; also told to who is not in it any more. */
  Type.Object({ type: Type.Literal("members"), volumeId: VolumeId }),
  /** Something arrived for an upload request of one's own, or the request is another now. */
  Type.Object({ type: Type.Literal("request"), requestId: RequestId }),
  Type.Object({ type: Type.Literal("keyring"), version: Counter }),
  /** A link that this person made was opened or downloaded from; its log says more. */
  Type.Object({ type: Type.Literal("link"), linkId: LinkId }),
  Type.Object({ type: Type.Literal("session-ended") }),
]);
export type ServerMessage = Static<typeof ServerMessage>;
