import { API_PREFIX, HEADER } from "@excalibur/core/protocol";
import type { FastifyInstance } from "fastify";

/** What the pages of the apps call themselves, on iOS and on Android: they come with the app, not from a server. */
export const APP_ORIGINS: ReadonlySet<string> = new Set(["capacitor://localhost", "https://localhost"]);

const METHODS = "GET, POST, PUT, DELETE";
const HEADERS = ["content-type", "range", ...Object.values(HEADER)].join(", ");
/** Browsers ask again after two hours at the latest. */
const REMEMBERED_SECONDS = 7200;

/**
 * [Note: Origins of the apps]
 * The API answers the pages of the apps, and no other page of another origin. It costs nothing to be asked by a stranger
 * who calls himself so: there are no cookies, and what a request may do follows from its signature, which is bound to
 * this server's own address (spec/wire.md «Sign-in»), not to the page's.
 */
export function appOrigins(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith(`${API_PREFIX}/`)) return;
    // Whoever keeps answers must not give one page's to another.
    reply.header("vary", "origin");
    const { origin } = request.headers;
    if (origin === undefined || !APP_ORIGINS.has(origin)) return;
    reply.header("access-control-allow-origin", origin);
    if (request.method !== "OPTIONS") return;
    await reply
      .header("access-control-allow-methods", METHODS)
      .header("access-control-allow-headers", HEADERS)
      .header("access-control-max-age", REMEMBERED_SECONDS)
      .code(204)
      .send();
  });
}
