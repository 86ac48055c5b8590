import type { Route } from "@excalibur/core/protocol";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RateLimits } from "../../config/config.ts";
import { Refusal } from "../../refusal.ts";
import { networkOf } from "../network.ts";

const WINDOW_MS = 60_000;
const NETWORKS_REMEMBERED = 20_000;

function routeOf(request: FastifyRequest): Route | undefined {
  return request.routeOptions.config.route;
}

/** Signing up and in costs the server most and is what a guesser uses. */
function isSensitive(request: FastifyRequest): boolean {
  const route = routeOf(request);
  return route?.kind === "open" && route.method !== "GET";
}

/** Requests a minute and network; before anything else of a request is looked at. */
export async function rateLimits(app: FastifyInstance, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    hook: "onRequest",
    timeWindow: WINDOW_MS,
    cache: NETWORKS_REMEMBERED,
    max: (request: FastifyRequest) => (isSensitive(request) ? limits.sensitivePerMinute : limits.generalPerMinute),
    keyGenerator: (request: FastifyRequest) => `${isSensitive(request) ? "s" : "g"} ${networkOf(request.ip)}`,
    errorResponseBuilder: (_request: FastifyRequest, context: { ttl: number }) =>
      new Refusal("rate_limited", { retryAfterMs: Math.max(1, Math.ceil(context.ttl)) }),
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
  });
}
