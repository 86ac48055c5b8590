/**
 * What services tell the rest of the program after a transaction has taken effect. A lost announcement costs a client
 * one request and never correctness. Other processes will be reached through another implementation of `Announcer`.
 */

export type Announcement =
  | { readonly type: "commit"; readonly volumeId: string; readonly sequence: number }
  /** Who is in a volume is another list now; `gone` are those who were and are not. */
  | { readonly type: "members"; readonly volumeId: string; readonly gone: readonly string[] }
  /** Something arrived for an upload request of this account, or the request is another now. */
  | { readonly type: "request"; readonly userId: string; readonly requestId: string }
  | { readonly type: "keyring"; readonly userId: string; readonly version: number }
  /** A link was opened or downloaded from: for whoever made it. */
  | { readonly type: "link"; readonly linkId: string; readonly userId: string }
  /** A link lets nobody in any more, for now: what its visitors are being sent ends. */
  | { readonly type: "link-shut"; readonly linkId: string }
  /** The session must lose its sockets at once. */
  | { readonly type: "session-ended"; readonly sessionId: string };

export type AnnouncementListener = (announcement: Announcement) => void;

export interface Announcer {
  /** Never throws and never waits. Ids are as they travel (base64url). */
  announce(announcement: Announcement): void;
  /** Answers a function that ends the subscription. */
  subscribe(listener: AnnouncementListener): () => void;
}

/** For one process: listeners are called in order, each in its own turn of the event loop. */
export function inProcessAnnouncer(): Announcer {
  const listeners = new Set<AnnouncementListener>();
  return {
    announce(announcement) {
      // Later, so that whoever announces has answered its request first and no listener can throw into it.
      for (const listener of listeners) setImmediate(listener, announcement);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
