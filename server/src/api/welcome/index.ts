import { utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import type { FastifyInstance } from "fastify";
import { WELCOME_PAGE, WELCOME_STYLE } from "./page.ts";

const STYLE_HASH = Buffer.from(sha256(utf8Encode(WELCOME_STYLE))).toString("base64");

/** Its own style and nothing else: no script, no image, no form, no frame, no other origin. */
export const WELCOME_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** The page at `/`. */
export function mountWelcome(app: FastifyInstance): void {
  app.get("/", async (_request, reply) =>
    reply
      .header("content-security-policy", WELCOME_POLICY)
      .header("content-language", "en")
      .type("text/html; charset=utf-8")
      .send(WELCOME_PAGE),
  );
}
