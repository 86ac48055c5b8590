/**
 * Upload requests: what their owner does with them, and what a sender without an account does (spec/requests.md). A sender's
 * session takes the routes of uploads and batches as well; what it stores counts for the request's owner.
 */

import { Bytes, FixedBytes, Hash, ObjectId, RequestId, TimeMs } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";

const RequestParams = Type.Object({ requestId: RequestId });
const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const SealedText = Bytes({ maxBytes: LIMITS.requestTextBytes });

/** Bytes of ciphertext. */
export const RequestCaps = Type.Object({
  maxBytes: Size,
  maxItems: Type.Integer({ minimum: 1, maximum: LIMITS.requestItems }),
  /** Of one item. */
  maxItemBytes: Size,
});

const Changeable = {
  sealedText: SealedText,
  caps: RequestCaps,
  /** null: never. */
  expiresMs: Type.Union([TimeMs, Type.Null()]),
};

export const RequestState = Type.Object({
  requestId: RequestId,
  ...Changeable,
  createdMs: TimeMs,
  /** null: open. */
  closedMs: Type.Union([TimeMs, Type.Null()]),
  /** What counts against the caps: all that was sent and not rejected, unfinished uploads included. */
  usedBytes: Size,
  usedItems: Size,
  /** Items in the inbox. */
  waiting: Size,
});

export const createRequest = route({
  id: "createRequest",
  method: "POST",
  path: "/requests",
  kind: "write",
  summary: "Makes an upload request. The key and the hash of the knock never change.",
  body: Type.Object({
    requestId: RequestId,
    /** X-Wing. */
    publicKey: FixedBytes(1216),
    /** SHA-256 of what senders show. */
    knockHash: Hash,
    ...Changeable,
  }),
  reply: RequestState,
  errors: ["too_many", "object_exists"],
});

export const listRequests = route({
  id: "listRequests",
  method: "GET",
  path: "/requests",
  kind: "read",
  summary: "The account's own upload requests, the oldest first.",
  reply: Type.Object({ requests: Type.Array(RequestState) }),
});

export const changeRequest = route({
  id: "changeRequest",
  method: "PUT",
  path: "/requests/:requestId",
  kind: "write",
  summary: "Changes text, caps and expiry, and closes or opens the request. What was sent before stays.",
  params: RequestParams,
  body: Type.Object({ ...Changeable, closed: Type.Boolean() }),
  reply: RequestState,
  errors: ["not_found"],
});

export const deleteRequest = route({
  id: "deleteRequest",
  method: "DELETE",
  path: "/requests/:requestId",
  kind: "write",
  summary: "Deletes a request with everything in its inbox. What was filed stays where it is. Deleting again succeeds.",
  params: RequestParams,
});

export const listItems = route({
  id: "listItems",
  method: "GET",
  path: "/requests/:requestId/items",
  kind: "read",
  summary: "What waits in the inbox of a request, in the order of arrival, from behind a place on.",
  params: RequestParams,
  query: Type.Object({ after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }),
  reply: Type.Object({
    items: Type.Array(
      Type.Object({
        objectId: ObjectId,
        /** Its place in the order of arrival; counts up within a request. */
        place: Type.Integer({ minimum: 1 }),
        arrivedMs: TimeMs,
        ciphertextLength: Size,
        root: Hash,
        description: Bytes({ maxBytes: LIMITS.requestItemBytes }),
      }),
      { maxItems: LIMITS.requestItemsAtOnce },
    ),
    /** Whether there are more behind the last one. */
    more: Type.Boolean(),
  }),
  errors: ["not_found"],
});

export const settleItems = route({
  id: "settleItems",
  method: "POST",
  path: "/requests/:requestId/settle",
  kind: "write",
  summary:
    "Takes items out of the inbox: filed ones, which a volume of the owner's must list by now, and rejected ones, whose objects go like all that nobody lists. Settling again changes nothing.",
  params: RequestParams,
  bodyLimitBytes: LIMITS.requestItemsBodyBytes,
  body: Type.Object({
    /** proof: for the sender, who can check it. */
    filed: Type.Array(Type.Object({ objectId: ObjectId, proof: FixedBytes(32) }), {
      maxItems: LIMITS.requestItemsAtOnce,
    }),
    rejected: Type.Array(ObjectId, { maxItems: LIMITS.requestItemsAtOnce }),
  }),
  errors: ["not_found", "item_not_filed"],
});

export const openRequest = route({
  id: "openRequest",
  method: "POST",
  path: "/requests/:requestId/open",
  kind: "open",
  summary:
    "For senders: the request's key, its sealed text and what it still takes. Without the knock every request is one that is not there.",
  params: RequestParams,
  body: Type.Object({ knock: FixedBytes(32) }),
  reply: Type.Object({
    publicKey: FixedBytes(1216),
    sealedText: SealedText,
    isOpen: Type.Boolean(),
    expiresMs: Type.Union([TimeMs, Type.Null()]),
    maxItemBytes: Size,
    /** What is left of the caps, the owner's quota aside. */
    freeBytes: Size,
    freeItems: Size,
  }),
  errors: ["not_found"],
});

export const beginSending = route({
  id: "beginSending",
  method: "POST",
  path: "/requests/:requestId/senders",
  kind: "open",
  summary:
    "For senders: makes a session of a key the sender has made, bound to this request. The same key again answers the same.",
  params: RequestParams,
  body: Type.Object({
    knock: FixedBytes(32),
    origin: Type.String({ minLength: 8, maxLength: 300 }),
    publicKey: FixedBytes(32),
    /** Ed25519 by that key, label sender. */
    proof: FixedBytes(64),
  }),
  reply: Type.Object({ senderId: RequestId }),
  errors: ["not_found", "request_closed"],
});

export const postItems = route({
  id: "postItems",
  method: "POST",
  path: "/sending/items",
  kind: "write",
  summary:
    "For senders: puts uploaded objects of one's own into the inbox, each with its sealed description. Posting again changes nothing.",
  bodyLimitBytes: LIMITS.requestItemsBodyBytes,
  body: Type.Object({
    items: Type.Array(Type.Object({ objectId: ObjectId, description: Bytes({ maxBytes: LIMITS.requestItemBytes }) }), {
      minItems: 1,
      maxItems: LIMITS.requestItemsAtOnce,
    }),
  }),
  reply: Type.Object({ arrivedMs: TimeMs }),
  errors: ["request_closed", "object_missing"],
});

export const listSent = route({
  id: "listSent",
  method: "GET",
  path: "/sending/items",
  kind: "read",
  summary: "For senders: what became of the items they sent, in the order of arrival, from behind a place on.",
  query: Type.Object({ after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }),
  reply: Type.Object({
    items: Type.Array(
      Type.Object({
        objectId: ObjectId,
        place: Type.Integer({ minimum: 1 }),
        arrivedMs: TimeMs,
        /** The owner's proof that it was filed; null: it was not, or not yet. */
        proof: Type.Union([FixedBytes(32), Type.Null()]),
      }),
      { maxItems: LIMITS.requestItemsAtOnce },
    ),
    more: Type.Boolean(),
  }),
});
