/** The HTTP side of a context. */

import type { Socket } from "node:net";
import { API_PREFIX, ROUTES } from "@excalibur/core/protocol";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import { POLICIES } from "../auth/policies.ts";
import type { Context } from "../context.ts";
import { Refusal } from "../refusal.ts";
import { inRequest } from "../request-scope.ts";
import { accountEndpoints } from "./account/index.ts";
import { mountAuthority } from "./authority/index.ts";
import { answerBrokenHttp } from "./broken-http.ts";
import type { Endpoint } from "./endpoint.ts";
import { identitiesEndpoints } from "./identities/index.ts";
import { mountInstance } from "./instance/index.ts";
import { linksEndpoints } from "./links/index.ts";
import { mountEndpoints } from "./mount.ts";
import { objectsEndpoints } from "./objects/index.ts";
import { mountOpenApi } from "./open-api/index.ts";
import { APP_ORIGINS, appOrigins } from "./plugins/app-origins.ts";
import { rateLimits } from "./plugins/rate-limits.ts";
import { requestLog } from "./plugins/request-log.ts";
import { requestMetrics } from "./plugins/request-metrics.ts";
import { securityHeaders } from "./plugins/security-headers.ts";
import { describeError, PROBLEM_TYPE } from "./problem.ts";
import { mountSocket, realtimeEndpoints } from "./realtime/index.ts";
import { createRequestId } from "./request-id.ts";
import { requestsEndpoints } from "./requests/index.ts";
import { sessionsEndpoints } from "./sessions/index.ts";
import { sharingEndpoints } from "./sharing/index.ts";
import { signInEndpoints } from "./sign-in/index.ts";
import { signUpEndpoints } from "./sign-up/index.ts";
import { uploadsEndpoints } from "./uploads/index.ts";
import { volumesEndpoints } from "./volumes/index.ts";
import { isForClient, mountWeb, sendPage } from "./web/index.ts";
import { mountWelcome } from "./welcome/index.ts";
import { wellKnownEndpoints } from "./well-known/index.ts";

/** One array a noun. */
const ENDPOINTS: readonly Endpoint[] = [
  ...wellKnownEndpoints,
  ...signUpEndpoints,
  ...signInEndpoints,
  ...accountEndpoints,
  ...sessionsEndpoints,
  ...identitiesEndpoints,
  ...volumesEndpoints,
  ...sharingEndpoints,
  ...linksEndpoints,
  ...requestsEndpoints,
  ...uploadsEndpoints,
  ...objectsEndpoints,
  ...realtimeEndpoints,
];

/** How often Node looks for requests that are late; the deadlines themselves are settings. */
const DEADLINE_CHECK_MS = 5_000;
const KEEP_ALIVE_MS = 75_000;
const HANDSHAKE_TIMEOUT_MS = 20_000;

function sendProblem(context: Context, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { problem, isOurs } = describeError(error, request.id);
  // A client that went away ends what it asked for: nobody hears the answer, and nothing is wrong here.
  const isGone = reply.raw.destroyed && (error as { name?: unknown }).name === "AbortError";
  if (isGone) context.log.debug({ requestId: request.id }, "the client went away");
  else if (isOurs) context.log.error({ requestId: request.id, err: error }, "request failed");
  if (problem.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(problem.retryAfterMs / 1000));
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

const ADDRESSES = ROUTES.map(({ path }) => new RegExp(`^${API_PREFIX}${path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`));

/** 405 where another method has this address, else 404. */
function nothingHere(request: FastifyRequest): Refusal {
  const path = request.url.split("?", 1)[0]!;
  return new Refusal(ADDRESSES.some((address) => address.test(path)) ? "method_not_allowed" : "not_found");
}

/**
 * A server that stops closes the connections that are idle at that moment. Those on which somebody is still being
 * answered would stay open for a next request, and be waited for until their time is up.
 */
function endWhenAnswered(app: FastifyInstance, health: { isOpen(): boolean }): void {
  app.addHook("onSend", async (_request, reply) => {
    if (!health.isOpen()) reply.header("connection", "close");
  });
  // An answer whose headers had been sent by then.
  app.addHook("onResponse", async (request) => {
    if (!health.isOpen()) request.raw.socket.end();
  });
}

export async function buildApi(context: Context): Promise<FastifyInstance> {
  const { config, services, mutation, verifier } = context;
  const isHttps = config.publicUrls.some((url) => url.startsWith("https:"));
  const { headersMs, requestMs, idleMs } = config.deadlines;
  const server = {
    // Node does not take a longer time for a part of a request than for the whole, and its own default is five minutes.
    requestTimeout: requestMs,
    headersTimeout: Math.min(headersMs, requestMs),
    connectionsCheckingInterval: Math.min(DEADLINE_CHECK_MS, headersMs, requestMs),
  };
  const broken = answerBrokenHttp();
  const tls = context.tls && { ...context.tls.current, minVersion: "TLSv1.2", handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  const options: FastifyServerOptions = {
    logger: false,
    genReqId: createRequestId,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: "idle",
    requestTimeout: requestMs,
    connectionTimeout: idleMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Only proxies that were named may say whom they speak for, and only where there is one.
    trustProxy: config.publicUrls.length > 0 && config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    clientErrorHandler: (error, socket) => broken.answer(error, socket as Socket),
    frameworkErrors: (error, request, reply) => void sendProblem(context, error, request, reply),
    routerOptions: { maxParamLength: 64 },
    ...(tls ? { https: { ...server, ...tls } } : { http: server }),
  };
  // Fastify's types tell servers of http and https apart; nothing here depends on which it is.
  const app = Fastify(options);
  if (tls) app.server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
  app.setErrorHandler((error, request, reply) => sendProblem(context, error, request, reply));
  await securityHeaders(app, { isHttps });
  appOrigins(app);
  broken.watch(app);
  requestLog(app, context.log);
  if (context.meters) requestMetrics(app, context.meters);
  app.addHook("onRequest", async () => {
    if (!services.health.isOpen()) throw new Refusal("shutting_down");
  });
  endWhenAnswered(app, services.health);
  // What a handler has written down names its request.
  app.addHook("preHandler", (request, _reply, done) => inRequest(request.id, done));
  await rateLimits(app, config.rateLimits);
  mountEndpoints(app, ENDPOINTS, {
    ...{ services, mutation, stallMs: config.deadlines.idleMs },
    ...{ ...verifier, routes: ROUTES, policies: POLICIES },
  });
  await mountSocket(app, {
    realtime: services.realtime,
    isKnownOrigin: (origin) => context.isOwnOrigin(origin) || APP_ORIGINS.has(origin),
  });
  const { webClient } = context;
  if (webClient) mountWeb(app, webClient);
  else mountWelcome(app);
  mountOpenApi(app);
  mountInstance(app, context.instance);
  if (context.tls) mountAuthority(app, context.tls.authorityPem);
  app.setNotFoundHandler((request, reply) =>
    webClient && isForClient(request)
      ? sendPage(webClient, reply)
      : sendProblem(context, nothingHere(request), request, reply),
  );
  return app;
}
