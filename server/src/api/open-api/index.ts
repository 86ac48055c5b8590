import { utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import { API_PREFIX } from "@excalibur/core/protocol";
import type { FastifyInstance } from "fastify";
import { createOpenApi } from "./document.ts";
import { createDocsPage, DOCS_STYLE } from "./page.ts";

export { createOpenApi, openApiPath } from "./document.ts";

const STYLE_HASH = Buffer.from(sha256(utf8Encode(DOCS_STYLE))).toString("base64");

/** Its own style and nothing else; the empty icon keeps browsers from asking for one. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** `/api/openapi.json` for programs and `/api/docs` for people; both are made when somebody first asks. */
export function mountOpenApi(app: FastifyInstance): void {
  let document: string | undefined;
  let page: string | undefined;
  app.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => {
    document ??= JSON.stringify(createOpenApi());
    return reply.type("application/json; charset=utf-8").send(document);
  });
  app.get(`${API_PREFIX}/docs`, async (_request, reply) => {
    page ??= createDocsPage();
    return reply
      .header("content-security-policy", DOCS_POLICY)
      .header("content-language", "en")
      .type("text/html; charset=utf-8")
      .send(page);
  });
}
