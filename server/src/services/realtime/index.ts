/** Who is told what, as it happens: tickets, greetings of sockets, fan-out to members. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { LinkId, RequestId, ServerMessage, VolumeId } from "@excalibur/core/protocol";
import type { Database } from "../../db/index.ts";
import { memberSubjects } from "../../db/stores/volumes.ts";
import {
  type Announcement,
  type Announcer,
  Connections,
  type IssuedTicket,
  type TicketHolder,
  Tickets,
} from "../../realtime/index.ts";
import { type Greeting, greet, type SocketHandle } from "./greeting.ts";

export type { SocketHandle } from "./greeting.ts";

export interface RealtimePorts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly clock: () => number;
  /** By the session's id as it travels. */
  readonly isSessionLive: (sessionId: string) => Promise<boolean>;
  /** Told of failures that no request can be answered with. */
  readonly report: (error: unknown) => void;
}

export interface Realtime {
  issueTicket(holder: TicketHolder): IssuedTicket;
  /** Takes a socket that was just opened, by anybody: nothing is sent before it has shown a ticket. */
  greet(socket: SocketHandle): Greeting;
  /** Sockets that have shown a ticket. */
  readonly connected: number;
  close(): void;
}

export function createRealtime(ports: RealtimePorts): Realtime {
  const { database, announcer, report } = ports;
  const tickets = new Tickets(ports.clock);
  const connections = new Connections();
  const waiting = new Set<SocketHandle>();

  async function tellMembers(volumeId: string, message: ServerMessage, also: readonly string[] = []): Promise<void> {
    if (connections.size === 0) return;
    const subjects = (await memberSubjects(database.read, fromBase64Url(volumeId))).map(toBase64Url);
    connections.sendToUsers(new Set([...subjects, ...also]), message);
  }

  function deliver(announcement: Announcement): void {
    if (announcement.type === "commit") {
      const { volumeId, sequence } = announcement;
      tellMembers(volumeId, { type: "commit", volumeId: volumeId as VolumeId, sequence }).catch(report);
    } else if (announcement.type === "members") {
      const { volumeId, gone } = announcement;
      tellMembers(volumeId, { type: "members", volumeId: volumeId as VolumeId }, gone).catch(report);
    } else if (announcement.type === "request") {
      const requestId = announcement.requestId as RequestId;
      connections.sendToUsers([announcement.userId], { type: "request", requestId });
    } else if (announcement.type === "keyring") {
      connections.sendToUsers([announcement.userId], { type: "keyring", version: announcement.version });
    } else if (announcement.type === "link") {
      connections.sendToUsers([announcement.userId], { type: "link", linkId: announcement.linkId as LinkId });
    } else if (announcement.type === "session-ended") {
      connections.endSession(announcement.sessionId);
    }
  }

  const unsubscribe = announcer.subscribe(deliver);
  return {
    issueTicket: (holder) => tickets.issue(holder),
    greet: (socket) => greet(socket, { tickets, connections, waiting, isSessionLive: ports.isSessionLive, report }),
    get connected() {
      return connections.size;
    },
    close: () => {
      unsubscribe();
      for (const socket of waiting) socket.terminate();
      connections.closeAll();
    },
  };
}
