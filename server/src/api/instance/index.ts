import type { FastifyInstance } from "fastify";

/** Says which run of a server answers, so that `doctor` knows whether an address leads to this one. */
export const INSTANCE_PATH = "/instance";

/** A number without meaning, new at each start. */
export function mountInstance(app: FastifyInstance, instance: string): void {
  app.get(INSTANCE_PATH, async (_request, reply) => reply.type("text/plain; charset=utf-8").send(instance));
}
