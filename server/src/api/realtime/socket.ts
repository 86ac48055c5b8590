/** The WebSocket `/api/realtime`. */

import { REALTIME_PATH } from "@excalibur/core/protocol";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { RawData, WebSocket } from "ws";
import { Refusal } from "../../refusal.ts";
import type { Realtime } from "../../services/realtime/index.ts";

/** A hello has some 80 characters. */
const maxMessageBytes = 1024;
const pingEveryMs = 30_000;

export interface SocketPorts {
  readonly realtime: Realtime;
  /** Whether pages of this origin may open a socket: this server's own and those of the apps. */
  readonly isKnownOrigin: (origin: string) => boolean;
}

export async function mountSocket(app: FastifyInstance, { realtime, isKnownOrigin }: SocketPorts): Promise<void> {
  await app.register(websocket, { options: { maxPayload: maxMessageBytes, perMessageDeflate: false } });
  const answering = new WeakSet<WebSocket>();
  const sockets = new Set<WebSocket>();

  const ping = setInterval(() => {
    for (const socket of sockets) {
      // No answer since the last ping: the line is dead, even if nobody said so.
      if (answering.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, pingEveryMs);
  ping.unref();
  app.addHook("onClose", async () => clearInterval(ping));

  app.get(
    REALTIME_PATH,
    {
      websocket: true,
      // Browsers always name the page's origin and cannot be made to lie; other programs name none.
      preValidation: async (request) => {
        const { origin } = request.headers;
        if (origin !== undefined && !isKnownOrigin(origin)) throw new Refusal("forbidden");
      },
    },
    (socket) => {
      const greeting = realtime.greet(socket);
      sockets.add(socket);
      answering.add(socket);
      socket.on("pong", () => answering.add(socket));
      socket.on("message", (data: RawData, isBinary: boolean) => {
        greeting.message(isBinary ? "" : messageText(data));
      });
      // The close event follows; there is nobody left to be told.
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        sockets.delete(socket);
        greeting.closed();
      });
    },
  );
}

function messageText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.from(data as ArrayBuffer).toString("utf8");
}
