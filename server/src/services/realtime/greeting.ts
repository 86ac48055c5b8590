import { ClientMessage, matches } from "@excalibur/core/protocol";
import { CLOSE, type Connections, type LiveSocket, type Tickets } from "../../realtime/index.ts";

/** A socket that has not shown a ticket by then is cut. */
const helloWithinMs = 10_000;
/** Strangers' sockets that may wait for their hello at once. */
const maxWaiting = 256;

export type SocketHandle = LiveSocket;

/** What to call when something happens on the socket. */
export interface Greeting {
  message(text: string): void;
  closed(): void;
}

export interface GreetingPorts {
  readonly tickets: Tickets;
  readonly connections: Connections;
  readonly waiting: Set<SocketHandle>;
  readonly isSessionLive: (sessionId: string) => Promise<boolean>;
  readonly report: (error: unknown) => void;
}

/** The first and only message of a client is its ticket (cryptography.md §8); everything else ends the connection. */
export function greet(socket: SocketHandle, ports: GreetingPorts): Greeting {
  const { tickets, connections, waiting, isSessionLive, report } = ports;
  let leave: (() => void) | undefined;
  if (waiting.size >= maxWaiting) {
    socket.terminate();
    return { message: () => undefined, closed: () => undefined };
  }
  waiting.add(socket);
  const late = setTimeout(() => socket.terminate(), helloWithinMs);

  function endWaiting(): boolean {
    clearTimeout(late);
    return waiting.delete(socket);
  }

  function hello(text: string): void {
    const ticket = readTicket(text);
    const holder = ticket === undefined ? undefined : tickets.redeem(ticket);
    if (holder === undefined) {
      socket.close(CLOSE.policy, "That ticket is not valid.");
      return;
    }
    leave = connections.add(holder, socket);
    if (leave === undefined) return;
    // Asked after joining: a session that ends in between is closed either way.
    isSessionLive(holder.sessionId).then(
      (isLive) => {
        if (isLive) socket.send(JSON.stringify({ type: "ready" }));
        else connections.endSession(holder.sessionId);
      },
      (error: unknown) => {
        report(error);
        socket.terminate();
      },
    );
  }

  return {
    message: (text) => {
      if (endWaiting()) hello(text);
      else socket.close(CLOSE.policy, "Nothing more is expected here.");
    },
    closed: () => {
      endWaiting();
      leave?.();
    },
  };
}

function readTicket(text: string): string | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return matches(ClientMessage, message) ? message.ticket : undefined;
  } catch {
    // Not JSON: to a stranger the same as a wrong ticket.
    return undefined;
  }
}
