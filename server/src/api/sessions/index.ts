import { endSession, listSessions } from "@excalibur/core/protocol";
import { type Endpoint, readEndpoint, writeEndpoint } from "../endpoint.ts";

export const sessionsEndpoints: readonly Endpoint[] = [
  readEndpoint(listSessions, ({ session }, { accounts }) => accounts.profile.sessions(session)),
  writeEndpoint(endSession, async ({ session, params, transact }, { accounts }) => {
    await accounts.profile.endSession(session, params.sessionId, transact);
    return undefined;
  }),
];
