/** Puts endpoints on Fastify: policy, signature, body, schemas, reply. What every route has in common is here and nowhere else. */

import type { Readable } from "node:stream";
import { equalBytes } from "@excalibur/core/bytes";
import { sha256Async } from "@excalibur/core/primitives";
import { API_PREFIX, LIMITS, PATH_PATTERN, RAW, type Route } from "@excalibur/core/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import type { Policy } from "../auth/policies.ts";
import { type VerifiedRequest, type VerifierPorts, verifyRequest } from "../auth/request-verifier.ts";
import type { Services } from "../context.ts";
import { Refusal } from "../refusal.ts";
import type { Mutation } from "../services/mutation.ts";
import { declaredBy } from "./declared.ts";
import { type Endpoint, type RawReply, StatusReply } from "./endpoint.ts";
import { networkOf } from "./network.ts";
import { parseJson } from "./parse-json.ts";
import { PartBodies, type PartBody } from "./part-body.ts";
import { createCheck, parseQuery, typedParams } from "./schema-check.ts";
import { sendRaw } from "./send.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly route?: Route;
  }
}

export interface MountOptions extends VerifierPorts {
  readonly services: Services;
  readonly mutation: Mutation;
  /** Who does not take the next piece of a raw reply within it is cut. */
  readonly stallMs: number;
}

/** What hooks know of a request before its handler runs. */
interface Progress {
  verified?: VerifiedRequest;
  bodyChecked?: true;
}

const bodies = new PartBodies();
const progress = new WeakMap<FastifyRequest, Progress>();

function progressOf(request: FastifyRequest): Progress {
  const known = progress.get(request) ?? {};
  progress.set(request, known);
  return known;
}

function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  return mark === -1 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function verify(route: Route, request: FastifyRequest, ports: VerifierPorts): Promise<VerifiedRequest> {
  const { path, query } = splitUrl(request.raw.url ?? "");
  return verifyRequest(
    {
      kind: route.kind,
      hasBody: route.body !== undefined,
      method: request.method,
      path,
      query,
      header: (name) => request.raw.headersDistinct[name] ?? [],
    },
    ports,
  );
}

/** Of bodies that the framework does not collect, and so does not count. */
function checkLength(route: Route, contentLength: string | undefined): void {
  if (contentLength === undefined) throw new Refusal("bad_request", { reason: "content-length" });
  if (Number(contentLength) > bodyLimit(route)) throw new Refusal("body_too_large");
}

function bodyLimit(route: Route): number {
  return route.bodyLimitBytes ?? LIMITS.jsonBodyBytes;
}

/** Headers are checked before a byte of the body is read: a stranger costs no memory. */
function guard(route: Route, policy: Policy, ports: MountOptions) {
  return async (request: FastifyRequest): Promise<void> => {
    if (!PATH_PATTERN.test(splitUrl(request.raw.url ?? "").path)) throw new Refusal("bad_request", { reason: "path" });
    const known = progressOf(request);
    if (route.kind !== "open") known.verified = await verify(route, request, ports);
    const refused = policy({ session: known.verified?.session, nowMs: ports.clock() });
    if (refused) throw new Refusal(refused);
    if (route.kind === "part") checkLength(route, request.headers["content-length"]);
  };
}

/** Nothing takes effect, and nothing is even parsed, before the body matched what was signed. */
async function checkDigest(request: FastifyRequest, body: Buffer): Promise<void> {
  const known = progressOf(request);
  const expected = known.verified?.contentDigest;
  if (expected && !equalBytes(await sha256Async(body), expected)) throw new Refusal("content_mismatch");
  known.bodyChecked = true;
}

function abortWhenGone(request: FastifyRequest, reply: FastifyReply): () => AbortSignal {
  let controller: AbortController | undefined;
  return () => {
    if (!controller) {
      const made = new AbortController();
      controller = made;
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) made.abort();
      });
      if (request.raw.destroyed && !request.raw.complete) made.abort();
    }
    return controller.signal;
  };
}

function createHandler({ route, handle }: Endpoint, { services, mutation, stallMs }: MountOptions) {
  const checkParams = route.params && createCheck(route.params, "params");
  const checkQuery = route.query && createCheck(route.query, "query");
  const checkBody = route.body && route.body !== RAW ? createCheck(route.body as TSchema, "body") : undefined;

  const keep = route.reply && route.reply !== RAW ? declaredBy(route.reply as TSchema) : undefined;

  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { verified, bodyChecked } = progressOf(request);
    const params = typedParams(route.params ?? ({} as TSchema), request.params as Record<string, string>);
    const query = parseQuery(route.query, splitUrl(request.raw.url ?? "").query);
    const hasBody = request.body !== undefined && request.body !== null;
    if (hasBody !== (route.body !== undefined)) throw new Refusal("bad_request", { reason: "body" });
    if (route.body && route.kind !== "part" && !bodyChecked) throw new Refusal("content_mismatch");
    checkParams?.(params);
    checkQuery?.(query);
    checkBody?.(request.body);

    const signal = abortWhenGone(request, reply);
    const call: Record<string, unknown> = {
      params,
      query,
      body: request.body,
      request: {
        id: request.id,
        ip: networkOf(request.ip),
        get signal() {
          return signal();
        },
      },
      range: request.headers.range,
    };
    if (verified) call["session"] = verified.session;
    if (verified?.idempotencyKey !== undefined) {
      const { session, nonce, idempotencyKey, requestDigest } = verified;
      const proof = { session, nonce, idempotencyKey, requestDigest };
      call["proof"] = proof;
      call["transact"] = (work: Parameters<Mutation["mutate"]>[1]) => mutation.mutate(proof, work);
    }
    let body: PartBody | undefined;
    if (route.kind === "part") {
      body = bodies.from(request.body as Readable);
      call["leaves"] = verified?.leaves;
      call["sizeBytes"] = Number(request.headers["content-length"]);
      call["chunks"] = body;
    }
    const value = await handle(call as never, services).finally(() => body?.drop());
    if (keep) return sendJson(reply, value, keep);
    if (!route.reply) return reply.code(204).send();
    await sendRaw(reply, value as RawReply, { stallMs });
    return reply;
  };
}

function sendJson(reply: FastifyReply, value: unknown, keep: (body: unknown) => unknown): FastifyReply {
  const [status, body] = value instanceof StatusReply ? [value.status, value.reply] : [200, value];
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(keep(body)));
}

/** One context a kind of body, each with its one parser: any other content type is 415. */
function contentParsers(app: FastifyInstance, body: "json" | "raw" | "part"): void {
  app.removeAllContentTypeParsers();
  if (body === "part") {
    app.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
    return;
  }
  const type = body === "json" ? "application/json" : "application/octet-stream";
  app.addContentTypeParser(type, { parseAs: "buffer" }, async (request: FastifyRequest, bytes: Buffer) => {
    await checkDigest(request, bytes);
    return body === "json" ? parseJson(bytes) : bytes;
  });
}

function bodyKind({ route }: Endpoint): "json" | "raw" | "part" {
  if (route.kind === "part") return "part";
  return route.body === RAW ? "raw" : "json";
}

/** Mounts every endpoint. @throws TypeError when a route has no handler, two, or no policy: such a server does not start */
export function mountEndpoints(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  options: MountOptions & { readonly routes: readonly Route[]; readonly policies: Readonly<Record<string, Policy>> },
): void {
  for (const route of options.routes) {
    const handlers = endpoints.filter((endpoint) => endpoint.route === route).length;
    if (handlers !== 1) throw new TypeError(`The route ${route.id} has ${handlers} handlers instead of one.`);
    if (!options.policies[route.id]) throw new TypeError(`The route ${route.id} has no policy.`);
  }
  for (const kind of ["json", "raw", "part"] as const) {
    void app.register((part, _options, done) => {
      contentParsers(part, kind);
      for (const endpoint of endpoints.filter((candidate) => bodyKind(candidate) === kind)) {
        const { route } = endpoint;
        part.route({
          method: route.method,
          url: API_PREFIX + route.path,
          bodyLimit: bodyLimit(route),
          config: { route },
          preParsing: async (request, _reply, payload) => {
            await guard(route, options.policies[route.id]!, options)(request);
            return payload;
          },
          handler: createHandler(endpoint, options),
        });
      }
      done();
    });
  }
}
