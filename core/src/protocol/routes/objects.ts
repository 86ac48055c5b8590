/** Encrypted objects: uploads in parts, batches of small ones, ranged downloads, proofs. spec/exef.md and spec/wire.md. */

import { Hash, ObjectId } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { RAW, route } from "../route.ts";
import { Type } from "../schema.ts";

const ObjectParams = Type.Object({ objectId: ObjectId });
/** 2^26 segments, 16 TiB. */
const CiphertextLength = Type.Integer({ minimum: 0, maximum: 2 ** 44 + 106 });

export const UploadState = Type.Object({
  objectId: ObjectId,
  ciphertextLength: CiphertextLength,
  /** Part numbers received and checked, as [first, last] runs. A receipt promises nothing durable. */
  received: Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })])),
});

export const createUpload = route({
  id: "createUpload",
  method: "POST",
  path: "/uploads",
  kind: "write",
  summary:
    "Begins an upload; size and quota are checked before a byte is taken. Begun again with the same length it answers what is there.",
  body: Type.Object({ objectId: ObjectId, ciphertextLength: CiphertextLength }),
  reply: UploadState,
  errors: [
    "quota_exceeded",
    "storage_full",
    "upload_mismatch",
    "object_exists",
    "too_many",
    "request_closed",
    "request_full",
  ],
});

export const getUpload = route({
  id: "getUpload",
  method: "GET",
  path: "/uploads/:objectId",
  kind: "read",
  summary: "What of an unfinished upload is there.",
  params: ObjectParams,
  reply: UploadState,
  errors: ["upload_not_found", "request_closed"],
});

export const putPart = route({
  id: "putPart",
  method: "PUT",
  path: "/uploads/:objectId/parts/:part",
  kind: "part",
  summary:
    "Segments 16·part … 16·part+15 (part 0 preceded by the header). Parallel, in any order, again if need be: the last write wins until complete.",
  params: Type.Object({ objectId: ObjectId, part: Type.Integer({ minimum: 0, maximum: 2 ** 22 }) }),
  body: RAW,
  bodyLimitBytes: LIMITS.partBodyBytes,
  errors: ["upload_not_found", "leaves_mismatch", "record_invalid", "storage_full", "request_closed"],
});

export const completeUpload = route({
  id: "completeUpload",
  method: "POST",
  path: "/uploads/:objectId/complete",
  kind: "write",
  summary:
    "Checks length and tree hash against the received leaves, makes the object durable, answers its root. Sent again it answers the same.",
  params: ObjectParams,
  body: Type.Object({ ciphertextLength: CiphertextLength, treeHash: Hash }),
  reply: Type.Object({ root: Hash }),
  errors: [
    "upload_not_found",
    "upload_incomplete",
    "upload_mismatch",
    "leaves_mismatch",
    "storage_full",
    "request_closed",
  ],
});

export const cancelUpload = route({
  id: "cancelUpload",
  method: "DELETE",
  path: "/uploads/:objectId",
  kind: "write",
  summary: "Forgets an unfinished upload and gives back the quota it held. Cancelling what is not there succeeds.",
  params: ObjectParams,
});

export const postBatch = route({
  id: "postBatch",
  method: "POST",
  path: "/objects/batch",
  kind: "part",
  summary:
    "Small objects in one body (EXB3, spec/exef.md). The answer lists each object's fate in order; stored means durable.",
  body: RAW,
  bodyLimitBytes: LIMITS.batchBodyBytes,
  reply: Type.Object({
    results: Type.Array(
      Type.Object({
        objectId: ObjectId,
        /** exists: the same object (same root) was there already. */
        status: Type.Union([Type.Literal("stored"), Type.Literal("exists"), Type.Literal("refused")]),
        code: Type.Optional(Type.String()),
      }),
    ),
  }),
  errors: ["record_invalid", "leaves_mismatch", "quota_exceeded", "storage_full", "request_closed", "request_full"],
});

export const getObject = route({
  id: "getObject",
  method: "GET",
  path: "/objects/:objectId",
  kind: "read",
  summary: "Ciphertext of an object that a volume of yours lists, or that you uploaded. Takes one Range.",
  isRanged: true,
  params: ObjectParams,
  reply: RAW,
  errors: ["not_found", "object_gone", "object_lost", "range_not_satisfiable", "link_used_up"],
});

export const fetchObjects = route({
  id: "fetchObjects",
  method: "POST",
  path: "/objects/fetch",
  kind: "query",
  summary:
    "Small objects by id in the order asked: n × (objectId16 ‖ length4), length 0 for one that is not there, then the bytes one after the other. Zeros stand for what the disk lost: asked for alone, it is told why.",
  body: Type.Object({ objectIds: Type.Array(ObjectId, { minItems: 1, maxItems: LIMITS.fetchObjects }) }),
  reply: RAW,
  errors: ["body_too_large", "link_used_up"],
});

export const getProof = route({
  id: "getProof",
  method: "GET",
  path: "/objects/:objectId/proof",
  kind: "read",
  summary: "Leaves from … to-1 and the siblings that lead to the tree hash: n4 × leaf32 ‖ n4 × sibling32.",
  params: ObjectParams,
  query: Type.Object({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 1 }) }),
  reply: RAW,
  errors: ["not_found", "object_gone", "range_not_satisfiable"],
});
