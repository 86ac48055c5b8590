/** Sharing with people: volumes beside the home volume, who is in them, whom names belong to. spec/wire.md §7. */

import { Bytes, TimeMs, UserId, UserName, VolumeId } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";
import { NewVolume } from "./auth.ts";

const VolumeParams = Type.Object({ volumeId: VolumeId });

export const createVolume = route({
  id: "createVolume",
  method: "POST",
  path: "/volumes",
  kind: "write",
  summary:
    "Makes a pending volume of one's own: nobody else sees it before a commit of another volume mounts it, and without one it goes after seven days.",
  bodyLimitBytes: LIMITS.signUpBodyBytes,
  body: Type.Object({ volume: NewVolume }),
  reply: Type.Object({ volumeId: VolumeId }),
  errors: ["record_invalid", "too_many"],
});

export const listMembers = route({
  id: "listMembers",
  method: "GET",
  path: "/volumes/:volumeId/members",
  kind: "read",
  summary:
    "What the signed member list cannot say: who of it has accepted, and who has left and is still on it. Untrusted.",
  params: VolumeParams,
  reply: Type.Object({
    members: Type.Array(
      Type.Object({
        userId: UserId,
        /** null: invited, and no answer yet. */
        acceptedMs: Type.Union([TimeMs, Type.Null()]),
        /** null: in it. */
        leftMs: Type.Union([TimeMs, Type.Null()]),
      }),
    ),
  }),
  errors: ["not_found"],
});

export const acceptVolume = route({
  id: "acceptVolume",
  method: "POST",
  path: "/volumes/:volumeId/accept",
  kind: "write",
  summary: "Says that an invitation was accepted, for the other members to see. It gives no access that was not there.",
  params: VolumeParams,
  errors: ["not_found"],
});

export const leaveVolume = route({
  id: "leaveVolume",
  method: "POST",
  path: "/volumes/:volumeId/leave",
  kind: "write",
  summary:
    "Leaves a volume or declines an invitation: access ends at once. Managers take the name off the signed list at their next change of it.",
  params: VolumeParams,
  errors: ["not_found", "forbidden"],
});

export const lookUpPerson = route({
  id: "lookUpPerson",
  method: "GET",
  path: "/people/:name",
  kind: "read",
  summary:
    "The account of a user name, with its identity records as in `/identities/:userId`. Disabled accounts are not found; questions are counted by account.",
  params: Type.Object({ name: UserName }),
  reply: Type.Object({
    userId: UserId,
    name: UserName,
    records: Type.Array(Bytes({ maxBytes: LIMITS.identityBytes })),
  }),
  errors: ["not_found", "rate_limited"],
});
