import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebClient, WebFile } from "../../web/index.ts";
import { clientPolicy } from "./policy.ts";

export { clientPolicy } from "./policy.ts";

const NONCE_PLACE = "%EXCALIBUR_NONCE%";
const NONCE_BYTES = 16;
/** Files in memory cost nothing, and a first visit asks for dozens. */
const UNLIMITED = { config: { rateLimit: false } } as const;

/**
 * Links, invitations that somebody takes up, upload requests and contact links, which reach people in messages that machines read: whatever they accept, they get the
 * page, and a name of a person may have a dot.
 */
const FOR_ANYBODY = ["/s/:linkId", "/j/:linkId", "/r/:requestId", "/c/:name"] as const;
const NO_ROBOTS = "noindex, nofollow, noarchive, nosnippet";

/** The built client: its files under their names, its page at `/`. */
export function mountWeb(app: FastifyInstance, client: WebClient): void {
  for (const file of client.files.values()) {
    app.get(file.path, UNLIMITED, async (request, reply) => sendFile(file, request, reply));
  }
  app.get("/", UNLIMITED, async (_request, reply) => sendPage(client, reply));
  for (const path of FOR_ANYBODY) {
    app.get(path, UNLIMITED, async (_request, reply) => sendPage(client, reply.header("x-robots-tag", NO_ROBOTS)));
  }
}

/** The client has addresses of its own (`/files/…`), which all begin with its page. */
export function isForClient({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split("?", 1)[0]!;
  const isPage = method === "GET" && !path.startsWith("/api/") && !path.slice(path.lastIndexOf("/")).includes(".");
  return isPage && (headers.accept ?? "").includes("text/html");
}

export function sendPage(client: WebClient, reply: FastifyReply): FastifyReply {
  const nonce = toBase64Url(randomBytes(NONCE_BYTES));
  return reply
    .header("content-security-policy", clientPolicy(nonce))
    .header("cache-control", "no-cache")
    .type("text/html; charset=utf-8")
    .send(client.page.replaceAll(NONCE_PLACE, nonce));
}

function sendFile(file: WebFile, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isGzipped = file.gzipped !== undefined && /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
  if (isGzipped) reply.header("content-encoding", "gzip");
  return (
    reply
      // Workers are held to the policy of their own file.
      .header("content-security-policy", clientPolicy())
      .header("cache-control", file.isFixed ? "public, max-age=31536000, immutable" : "no-cache")
      .header("vary", "accept-encoding")
      .type(file.type)
      .send(isGzipped ? file.gzipped : file.bytes)
  );
}
