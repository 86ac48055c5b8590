/** Upload requests: strangers send into an inbox that only its owner can read (spec/requests.md). */

import type { RequestSender } from "../../auth/session.ts";
import type { Transact } from "../transact.ts";
import { listItems, listSent, postItems, settleItems } from "./items.ts";
import {
  changeRequest,
  createRequest,
  deleteRequest,
  listRequests,
  type NewRequest,
  type OwnRequest,
} from "./manage.ts";
import type { RequestsRoom } from "./requests-room.ts";
import { senderUploads } from "./sender-uploads.ts";
import { beginSending, findSender, type Knock, type NewSender, openRequest } from "./senders.ts";

export type { UploadDoor } from "./sender-uploads.ts";
export { release } from "./sender-uploads.ts";

export type Requests = ReturnType<typeof createRequests>;

export function createRequests(room: RequestsRoom) {
  return {
    create: (request: NewRequest, transact: Transact) => createRequest(room, request, transact),
    list: (userId: Uint8Array) => listRequests(room, userId),
    change: (own: Parameters<typeof changeRequest>[1], transact: Transact) => changeRequest(room, own, transact),
    delete: (own: OwnRequest, transact: Transact) => deleteRequest(room, own, transact),
    items: (own: Parameters<typeof listItems>[1]) => listItems(room, own),
    settle: (settling: Parameters<typeof settleItems>[1], transact: Transact) => settleItems(room, settling, transact),
    open: (knock: Knock) => openRequest(room, knock),
    beginSending: (sender: NewSender) => beginSending(room, sender),
    findSender: (senderId: Uint8Array) => findSender(room, senderId),
    post: (items: Parameters<typeof postItems>[1], transact: Transact) => postItems(room, items, transact),
    sent: (asked: Parameters<typeof listSent>[1]) => listSent(room, asked),
    /** What a sender may do with uploads. */
    uploadsOf: (sender: RequestSender) => senderUploads(room, sender),
  };
}
