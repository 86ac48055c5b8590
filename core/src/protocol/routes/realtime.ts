/** The ticket that opens the WebSocket. */

import { FixedBytes, TimeMs } from "../ids.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";

export const createTicket = route({
  id: "createTicket",
  method: "POST",
  path: "/realtime/ticket",
  kind: "query",
  summary: "A single-use ticket of 30 seconds for /api/realtime, sent there as the first message.",
  body: Type.Object({}),
  reply: Type.Object({ ticket: FixedBytes(32), expiresMs: TimeMs }),
});
