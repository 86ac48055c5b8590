/** What a client may know before it has an account. */

import { TimeMs } from "../ids.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";

export const getVersion = route({
  id: "getVersion",
  method: "GET",
  path: "/well-known/version",
  kind: "open",
  summary: "The program, its version and the wire version it speaks.",
  reply: Type.Object({
    name: Type.Literal("excalibur"),
    version: Type.String(),
    api: Type.Integer(),
    signUp: Type.Union([Type.Literal("invitation"), Type.Literal("open"), Type.Literal("closed")]),
  }),
});

export const getCompatibility = route({
  id: "getCompatibility",
  method: "GET",
  path: "/well-known/compatibility",
  kind: "open",
  summary: "Which wire versions the server speaks; a client outside says which side to upgrade.",
  reply: Type.Object({ api: Type.Object({ minimum: Type.Integer(), maximum: Type.Integer() }) }),
});

export const getHealth = route({
  id: "getHealth",
  method: "GET",
  path: "/well-known/health",
  kind: "open",
  summary: "Whether database, storage, disk space and housekeeping are well (503 when not).",
  otherStatus: 503,
  reply: Type.Object({
    status: Type.Union([Type.Literal("ok"), Type.Literal("failing")]),
    checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.Optional(Type.String()) })),
  }),
});

export const getReady = route({
  id: "getReady",
  method: "GET",
  path: "/well-known/ready",
  kind: "open",
  summary: "Whether the server can answer requests (503 while it stops or its database does not answer).",
  otherStatus: 503,
  reply: Type.Object({ ready: Type.Boolean() }),
});

export const getClock = route({
  id: "getClock",
  method: "GET",
  path: "/well-known/clock",
  kind: "open",
  summary:
    "The server's clock, to correct signatures of a device whose clock is wrong. No decision about keys depends on it.",
  reply: Type.Object({ timeMs: TimeMs }),
});
