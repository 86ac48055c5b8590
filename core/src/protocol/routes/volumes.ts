/** Volumes: heads, manifests, pages, commits. spec/volumes.md and spec/wire.md. */

import { Bytes, Counter, FixedBytes, Hash, ObjectId, VolumeId } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { RAW, route } from "../route.ts";
import { Type } from "../schema.ts";

const VolumeParams = Type.Object({ volumeId: VolumeId });

export const listVolumes = route({
  id: "listVolumes",
  method: "GET",
  path: "/volumes",
  kind: "read",
  summary: "Volumes this account is a member of, with their heads. Untrusted: the client checks each.",
  reply: Type.Object({
    volumes: Type.Array(
      Type.Object({
        volumeId: VolumeId,
        sequence: Counter,
        headHash: Hash,
        /** One's own, and mounted nowhere yet. */
        pending: Type.Boolean(),
        /** Whether one has said so, or made it. */
        accepted: Type.Boolean(),
      }),
    ),
  }),
});

export const getHead = route({
  id: "getHead",
  method: "GET",
  path: "/volumes/:volumeId/head",
  kind: "read",
  summary:
    "The newest commit, and what a fresh device checks it with: every manifest, one's own envelopes, the members' identity records and the genesis commit.",
  params: VolumeParams,
  reply: Type.Object({
    sequence: Counter,
    commit: Bytes({ maxBytes: LIMITS.commitBytes }),
    genesis: Bytes({ maxBytes: LIMITS.commitBytes }),
    /** Versions 0 … newest. */
    manifests: Type.Array(Bytes({ maxBytes: LIMITS.manifestBytes })),
    /** Envelopes addressed to this account, by generation. */
    envelopes: Type.Array(Bytes({ maxBytes: LIMITS.envelopeBytes })),
    /** kind-6 objects, by generation (none at generation 0). */
    previousKeys: Type.Array(Type.Object({ generation: Counter, sealed: Bytes({ maxBytes: LIMITS.keyringBytes }) })),
    /** Identity records of everyone any of the manifests names. */
    identities: Type.Array(Bytes({ maxBytes: LIMITS.identityBytes })),
    /** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216 of every link any of the manifests names. */
    links: Type.Array(FixedBytes(LIMITS.linkIdentityBytes)),
  }),
  errors: ["not_found"],
});

export const listCommits = route({
  id: "listCommits",
  method: "GET",
  path: "/volumes/:volumeId/commits",
  kind: "read",
  summary: "Commits after a sequence, oldest first; `more` says that another request is needed.",
  params: VolumeParams,
  query: Type.Object({ after: Counter }),
  reply: Type.Object({
    commits: Type.Array(Bytes({ maxBytes: LIMITS.commitBytes })),
    /** The head when this was answered; with `commits` empty and `more` false it is the client's own, or the server forked. */
    headSequence: Counter,
    headHash: Hash,
    more: Type.Boolean(),
  }),
  errors: ["not_found"],
});

export const getPageList = route({
  id: "getPageList",
  method: "GET",
  path: "/volumes/:volumeId/page-list",
  kind: "read",
  summary:
    "Every current page as bytes: headSequence8 ‖ headHash32 ‖ n × (nodeId16 ‖ bitsLength1 ‖ bits2 ‖ version8 ‖ recordHash32), sorted; one consistent state.",
  params: VolumeParams,
  reply: RAW,
  errors: ["not_found"],
});

export const getStatePath = route({
  id: "getStatePath",
  method: "GET",
  path: "/volumes/:volumeId/path",
  kind: "read",
  summary: "The path of one page under the head's state root: headSequence8 ‖ headHash32 ‖ statePath.",
  params: VolumeParams,
  query: Type.Object({
    node: VolumeId,
    /** bits, 0 … 65535 */
    bits: Type.Integer({ minimum: 0, maximum: 65_535 }),
    length: Type.Integer({ minimum: 0, maximum: 16 }),
  }),
  reply: RAW,
  errors: ["not_found"],
});

export const fetchPages = route({
  id: "fetchPages",
  method: "POST",
  path: "/volumes/:volumeId/pages/fetch",
  kind: "query",
  summary: "Page records by hash, in the order asked: n × (length4 ‖ record), length 0 for one that is not there.",
  params: VolumeParams,
  body: Type.Object({ hashes: Type.Array(Hash, { minItems: 1, maxItems: LIMITS.pagesFetch }) }),
  reply: RAW,
  errors: ["not_found"],
});

export const checkObjects = route({
  id: "checkObjects",
  method: "POST",
  path: "/volumes/:volumeId/objects/check",
  kind: "query",
  summary:
    "Which of these objects a commit of the caller could not list now: they are gone, or were never this volume's.",
  params: VolumeParams,
  body: Type.Object({ objectIds: Type.Array(ObjectId, { minItems: 1, maxItems: LIMITS.fetchObjects }) }),
  reply: Type.Object({ missing: Type.Array(ObjectId) }),
  errors: ["not_found"],
});

export const putPages = route({
  id: "putPages",
  method: "POST",
  path: "/volumes/:volumeId/pages",
  kind: "write",
  summary: "Page records ahead of the commit that names them: n × (length4 ‖ record). Uncommitted ones expire.",
  params: VolumeParams,
  body: RAW,
  bodyLimitBytes: LIMITS.pagesBodyBytes,
  reply: Type.Object({ stored: Type.Integer() }),
  errors: ["not_found", "record_invalid", "quota_exceeded", "storage_full"],
});

export const postCommit = route({
  id: "postCommit",
  method: "POST",
  path: "/volumes/:volumeId/commits",
  kind: "write",
  summary: "Extends the head, all or nothing. A commit that is already in the history answers as if it were new.",
  params: VolumeParams,
  bodyLimitBytes: Math.ceil((LIMITS.commitBytes * 4) / 3) + 2 * 1024 * 1024,
  body: Type.Object({
    commit: Bytes({ maxBytes: LIMITS.commitBytes }),
    /** kind 2 only: the one manifest it carries, the kind-6 object of a new generation, and envelopes. */
    manifest: Type.Optional(Bytes({ maxBytes: LIMITS.manifestBytes })),
    previousKeys: Type.Optional(Bytes({ maxBytes: LIMITS.keyringBytes })),
    envelopes: Type.Optional(Type.Array(Bytes({ maxBytes: LIMITS.envelopeBytes }), { maxItems: 1_000 })),
    /** kind 0 only: pending volumes of the sender that this commit mounts, which makes them permanent. */
    mounts: Type.Optional(Type.Array(VolumeId, { minItems: 1, maxItems: LIMITS.mountsAtOnce })),
    /** kind 0 only: volumes of the sender, with nobody else in them, that this commit takes the contents of. They end with it. */
    unmounts: Type.Optional(
      Type.Array(Type.Object({ volumeId: VolumeId, headHash: Hash }), { minItems: 1, maxItems: LIMITS.mountsAtOnce }),
    ),
  }),
  reply: Type.Object({ sequence: Counter }),
  errors: [
    "not_found",
    "head_moved",
    "commit_invalid",
    "page_missing",
    "object_missing",
    "record_invalid",
    "quota_exceeded",
    "storage_full",
  ],
});
