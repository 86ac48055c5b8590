import type { LiveSession } from "../../auth/session.ts";
import type { Services } from "../../context.ts";
import type { UploadDoor } from "../../services/requests/index.ts";

/** An account's uploads, or a sender's into an upload request. */
export function uploadDoor({ sender }: LiveSession, { uploads, objects, requests }: Services): UploadDoor {
  return sender === undefined ? { ...uploads, storeBatch: objects.storeBatch } : requests.uploadsOf(sender);
}
