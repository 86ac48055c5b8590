import type { LinkId, RequestId, VolumeId } from "@excalibur/core/protocol";

/** What happened elsewhere. Untrusted hints: they say when to look, never what is true. */
export type RemoteEvent =
  /** Connected, for the first time or again: anything may have happened meanwhile, so everybody catches up. */
  | { readonly type: "resync" }
  | { readonly type: "commit"; readonly volumeId: VolumeId; readonly sequence: number }
  /** Who is in a volume changed, or somebody answered an invitation; perhaps one is in it now, or not any more. */
  | { readonly type: "members"; readonly volumeId: VolumeId }
  /** Something arrived for an upload request of this account, or the request is another now. */
  | { readonly type: "request"; readonly requestId: RequestId }
  | { readonly type: "keyring"; readonly version: number }
  /** A link that this person made was used. */
  | { readonly type: "link"; readonly linkId: LinkId }
  /** The session was ended elsewhere; nothing more will come. */
  | { readonly type: "session-ended" }
  /** The connection is gone and being made again. Nothing is lost by it. */
  | { readonly type: "offline" };

export type RemoteEventListener = (event: RemoteEvent) => void;
