/** The OpenAPI 3.1 document, made of the same route values that the server mounts and clients call. */

import {
  coveredHeaders,
  ERROR_CODES,
  type ErrorCode,
  HEADER,
  LIMITS,
  PROGRAM_VERSION,
  REALTIME_PATH,
  ROUTES,
  type Route,
} from "@excalibur/core/protocol";
import { byStatus, errorsOf, isRaw } from "./errors.ts";
import { type JsonSchema, namedSchemas, schemaOf } from "./schemas.ts";

const SPEC = "docs/spec";
const SECURITY = "sessionSignature";

const ABOUT = `The wire of Excalibur, version 1. Contents, names and keys are sealed by clients: this interface carries ciphertext, signed records and \
access, and nothing that opens them. ${SPEC}/wire.md says what the messages mean, ${SPEC}/exef.md and ${SPEC}/volumes.md what the bytes are.

Bytes inside JSON are base64url without padding. Members that an operation does not name are refused. Every answer that is not a success is a \
problem document (RFC 9457) with a stable \`code\`.

Changes are announced by WebSocket at \`${REALTIME_PATH}\`: the client sends \`ClientMessage\` with a ticket of \`createTicket\`, the server \
\`ServerMessage\`s.`;

const SIGNING = `One RFC 9421 signature with the label \`exc\`, made with the session's Ed25519 key, which never leaves the device: there is no bearer \
token. Its base covers method, path and query and the headers named at the operation; the parameters are \`created\`, \`nonce\`, \`keyid\` (the session's \
id) and \`tag="excalibur-v3"\`. ${SPEC}/sign-in.md §5 says it byte by byte.`;

const KINDS: Readonly<Record<Route["kind"], string>> = {
  open: "Without a session.",
  read: "Signed; changes nothing and is not remembered.",
  query: "Signed with its content digest; changes nothing and is not remembered.",
  write:
    "Signed with an idempotency key: sent again with the same key it answers the same, for 24 hours, and takes effect once.",
  part: "Signed by the leaf hashes of its body; sent again it does the same again.",
};

const HEADERS: Readonly<Record<string, JsonSchema>> = {
  [HEADER.signatureInput]: header("What the signature covers, and its parameters: `exc=(…);created=…`."),
  [HEADER.signature]: header("The signature: `exc=:base64 of 64 bytes:`."),
  [HEADER.contentDigest]: header("SHA-256 of the body (RFC 9530): `sha-256=:base64:`."),
  [HEADER.leaves]: header(
    `Leaf hashes of the body, as a byte sequence (RFC 8941): \`:base64:\`. ${SPEC}/sign-in.md §5.`,
  ),
  [HEADER.idempotencyKey]: {
    ...header("New for every operation, the same when it is tried again."),
    schema: { type: "string", pattern: "^[A-Za-z0-9_-]{16,64}$" },
  },
};

function header(description: string): JsonSchema {
  return { in: "header", required: true, description, schema: { type: "string" } };
}

function headerComponents(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, { name, ...value }]));
}

/** Groups of the document: the first word of the path. */
export function tagOf({ path }: Route): string {
  return path.split("/")[1] ?? "";
}

interface ObjectShape {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

function fromSchema(place: "path" | "query", schema: Route["params"]): JsonSchema[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectShape;
  return Object.entries(properties).map(([name, value]) => ({
    ...{ name, in: place, required: place === "path" || required.includes(name), schema: schemaOf(value) },
  }));
}

function parametersOf(route: Route): JsonSchema[] {
  const covered =
    route.kind === "open"
      ? []
      : [HEADER.signatureInput, HEADER.signature, ...coveredHeaders(route.kind, route.body !== undefined)];
  const range = {
    ...{ name: "range", in: "header", required: false, schema: { type: "string" } },
    description: "One range, `bytes=a-b`; answered with 206.",
  };
  return [
    ...fromSchema("path", route.params),
    ...fromSchema("query", route.query),
    ...covered.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...(route.isRanged ? [range] : []),
  ];
}

function contentOf(body: Route["body"] | Route["reply"]): JsonSchema {
  return isRaw(body)
    ? { "application/octet-stream": {} }
    : { "application/json": { schema: schemaOf(body as object) } };
}

function bodyOf({ body, bodyLimitBytes = LIMITS.jsonBodyBytes }: Route): JsonSchema {
  if (body === undefined) return {};
  const description = `At most ${bodyLimitBytes} bytes.`;
  return { requestBody: { required: true, description, content: contentOf(body) } };
}

function problem(codes: readonly ErrorCode[]): JsonSchema {
  const description = codes.map((code) => `\`${code}\`: ${ERROR_CODES[code][1]}`).join("\n\n");
  const schema = { allOf: [referenceTo("Problem"), { properties: { code: { enum: codes } } }] };
  return { description, content: { "application/problem+json": { schema } } };
}

function referenceTo(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function responsesOf(route: Route): JsonSchema {
  const { reply, isRanged, otherStatus } = route;
  const good = (description: string) => ({ description, content: contentOf(reply) });
  const success: Record<string, JsonSchema> =
    reply === undefined ? { "204": { description: "Done; there is nothing to say." } } : { "200": good("Done.") };
  if (isRanged) success["206"] = good("The range that was asked for.");
  const problems = Object.fromEntries(byStatus(errorsOf(route)).map(([status, codes]) => [status, problem(codes)]));
  const responses: Record<string, JsonSchema> = { ...success, ...problems };
  if (otherStatus !== undefined) {
    const { content = {}, description } = responses[String(otherStatus)] ?? { description: "" };
    responses[String(otherStatus)] = {
      description: `The same content as with 200, when it is not well; or a problem.\n\n${String(description)}`,
      content: { ...contentOf(reply), ...(content as object) },
    };
  }
  return responses;
}

function operationOf(route: Route): JsonSchema {
  const { id, summary, kind } = route;
  return {
    operationId: id,
    tags: [tagOf(route)],
    summary,
    description: `${summary}\n\n${KINDS[kind]}`,
    "x-excalibur-kind": kind,
    security: kind === "open" ? [] : [{ [SECURITY]: [] }],
    parameters: parametersOf(route),
    ...bodyOf(route),
    responses: responsesOf(route),
  };
}

export function openApiPath({ path }: Route): string {
  return path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
}

function pathsOf(routes: readonly Route[]): Record<string, Record<string, JsonSchema>> {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const address = openApiPath(route);
    paths[address] = { ...paths[address], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

export function createOpenApi(routes: readonly Route[] = ROUTES) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Excalibur",
      version: PROGRAM_VERSION,
      description: ABOUT,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Relative to this document, so that it is right behind every proxy.
    servers: [{ url: "." }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths: pathsOf(routes),
    components: {
      schemas: namedSchemas(),
      parameters: headerComponents(),
      securitySchemes: {
        [SECURITY]: { type: "apiKey", in: "header", name: HEADER.signature, description: SIGNING },
      },
    },
  };
}
