import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";

/** One line a request: which route, how it went, how long. No addresses, ids, headers, bodies or networks. */
export function requestLog(app: FastifyInstance, log: Logger): void {
  app.addHook("onResponse", async (request, reply) => {
    const { route } = request.routeOptions.config;
    const elapsedMs = Math.round(reply.elapsedTime * 10) / 10;
    log.info({ requestId: request.id, route: route?.id ?? "none", status: reply.raw.statusCode, elapsedMs }, "request");
  });
}
