import type { ServerMessage } from "@excalibur/core/protocol";
import type { TicketHolder } from "./tickets.ts";

/** What is needed of a WebSocket. */
export interface LiveSocket {
  /** Bytes accepted by `send` that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a closing handshake. */
  terminate(): void;
}

/** RFC 6455 §7.4 and its private range. */
export const CLOSE = {
  goingAway: 1001,
  policy: 1008,
  tooMany: 1013,
  sessionEnded: 4401,
} as const;

/** A client that lets this much pile up is dropped: it catches up from its own head when it comes back. */
const maxBufferedBytes = 64 * 1024;
const maxSocketsPerSession = 16;

interface Connection extends TicketHolder {
  readonly socket: LiveSocket;
}

/** Open sockets of this process, by account and by session. */
export class Connections {
  readonly #byUser = new Map<string, Set<Connection>>();
  readonly #bySession = new Map<string, Set<Connection>>();

  get size(): number {
    let size = 0;
    for (const connections of this.#byUser.values()) size += connections.size;
    return size;
  }

  /** Answers what to call when the socket is gone; undefined (and closes the socket) when the session has too many. */
  add(holder: TicketHolder, socket: LiveSocket): (() => void) | undefined {
    if ((this.#bySession.get(holder.sessionId)?.size ?? 0) >= maxSocketsPerSession) {
      socket.close(CLOSE.tooMany, "This session has too many connections.");
      return undefined;
    }
    const connection: Connection = { ...holder, socket };
    insert(this.#byUser, holder.userId, connection);
    insert(this.#bySession, holder.sessionId, connection);
    return () => this.#remove(connection);
  }

  hasUser(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  /** Sends to every socket of these accounts. */
  sendToUsers(userIds: Iterable<string>, message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const userId of userIds) {
      for (const connection of this.#byUser.get(userId) ?? []) this.#send(connection, text);
    }
  }

  /** Says why, then closes every socket of the session. */
  endSession(sessionId: string): void {
    const text = JSON.stringify({ type: "session-ended" } satisfies ServerMessage);
    for (const connection of [...(this.#bySession.get(sessionId) ?? [])]) {
      this.#send(connection, text);
      this.#remove(connection);
      connection.socket.close(CLOSE.sessionEnded, "This session has ended.");
    }
  }

  /** When the server stops. */
  closeAll(): void {
    for (const connections of [...this.#byUser.values()]) {
      for (const connection of [...connections]) {
        this.#remove(connection);
        connection.socket.close(CLOSE.goingAway, "The server is stopping.");
      }
    }
  }

  #send(connection: Connection, text: string): void {
    if (connection.socket.bufferedAmount > maxBufferedBytes) {
      this.#remove(connection);
      connection.socket.terminate();
      return;
    }
    connection.socket.send(text);
  }

  #remove(connection: Connection): void {
    erase(this.#byUser, connection.userId, connection);
    erase(this.#bySession, connection.sessionId, connection);
  }
}

function insert(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const connections = index.get(key);
  if (connections === undefined) index.set(key, new Set([connection]));
  else connections.add(connection);
}

function erase(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const connections = index.get(key);
  if (connections === undefined) return;
  connections.delete(connection);
  if (connections.size === 0) index.delete(key);
}
