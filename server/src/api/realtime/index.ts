import { createTicket } from "@excalibur/core/protocol";
import { type Endpoint, readEndpoint } from "../endpoint.ts";

export const realtimeEndpoints: readonly Endpoint[] = [
  readEndpoint(createTicket, async ({ session }, { realtime }) =>
    realtime.issueTicket({ sessionId: session.sessionIdText, userId: session.userIdText }),
  ),
];

export { mountSocket } from "./socket.ts";
