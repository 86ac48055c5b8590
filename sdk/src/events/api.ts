import { createTicket, REALTIME_PATH } from "@excalibur/core/protocol";
import { type HttpTransport, SessionEndedError } from "../transport/index.ts";

/** What this room asks of the server. */
export interface EventsApi {
  /** Address of the WebSocket; it carries no secret. */
  readonly socketUrl: string;
  /** A single-use ticket. undefined: the session has ended. */
  ticket(signal: AbortSignal): Promise<string | undefined>;
}

export function eventsApi(transport: HttpTransport): EventsApi {
  const { origin, prefix } = transport.address;
  return {
    socketUrl: `${origin.replace(/^http/, "ws")}${prefix}${REALTIME_PATH}`,
    async ticket(signal) {
      try {
        return (await transport.call(createTicket, { body: {}, signal, attempts: 1 })).ticket;
      } catch (error) {
        if (error instanceof SessionEndedError) return undefined;
        throw error;
      }
    },
  };
}
