import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** For answers that no browser should show as a page at all. */
const API_POLICY = {
  "default-src": ["'none'"],
  "frame-ancestors": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
};

/** Nobody frames us, nobody guesses types, no address leaks, nothing is cached that a signature guards. */
export async function securityHeaders(app: FastifyInstance, options: { readonly isHttps: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    crossOriginEmbedderPolicy: { policy: "require-corp" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    // Plain http on loopback would be locked out by it for a year.
    strictTransportSecurity: options.isHttps ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: "deny" },
    xXssProtection: false,
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
}
