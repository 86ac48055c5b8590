import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Logger } from "pino";

/** By the request's own word, which Node holds it to; 0 when it did not say. */
function announcedBytes(request: FastifyRequest): number {
  return Number(request.headers["content-length"] ?? 0) || 0;
}

/**
 * One line a request: which route, how it went, how long, how much. No addresses, ids, headers, bodies or networks: who
 * reads the log learns nothing about people.
 */
export function requestLog(app: FastifyInstance, log: Logger): void {
  app.addHook("onResponse", async (request, reply) => {
    const { route } = request.routeOptions.config;
    const elapsedMs = Math.round(reply.elapsedTime * 10) / 10;
    const sentBytes = Number(reply.getHeader("content-length") ?? 0) || 0;
    log.info(
      {
        requestId: request.id,
        route: route?.id ?? "none",
        status: reply.raw.statusCode,
        ...{ elapsedMs, receivedBytes: announcedBytes(request), sentBytes },
      },
      "request",
    );
  });
}
