import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Meters } from "../../metrics/index.ts";

interface Counted {
  readBytes: number;
  writtenBytes: number;
}

/** Counts every answered request. A connection serves many: what passed since the one before belongs to this one. */
export function requestMetrics(app: FastifyInstance, meters: Meters): void {
  const counted = new WeakMap<Socket, Counted>();
  app.addHook("onResponse", async (request, reply) => {
    const { socket } = request.raw;
    const before = counted.get(socket) ?? { readBytes: 0, writtenBytes: 0 };
    const now = { readBytes: socket.bytesRead, writtenBytes: socket.bytesWritten };
    counted.set(socket, now);
    meters.request({
      route: request.routeOptions.config.route?.id ?? "none",
      status: reply.raw.statusCode,
      seconds: reply.elapsedTime / 1000,
      receivedBytes: Math.max(0, now.readBytes - before.readBytes),
      sentBytes: Math.max(0, now.writtenBytes - before.writtenBytes),
    });
  });
}
