import { ERROR_CODES, ROUTES } from "@excalibur/core/protocol";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, testServer } from "../../testing/index.ts";
import { openApiPath } from "./index.ts";

interface Operation {
  readonly operationId: string;
  readonly security: unknown[];
  readonly parameters: { readonly in?: string; readonly name?: string; readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema?: object }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>;
}

let test: TestServer;
let document: {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, unknown>>;
};

beforeAll(async () => {
  test = await testServer();
  const response = await fetch(`${test.server.origin}/api/openapi.json`);
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  document = await response.json();
});
afterAll(() => test[Symbol.asyncDispose]());

describe("/api/openapi.json", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, "3.1"]);
    // The validator does see what is wrong.
    const broken = structuredClone(document) as unknown as { paths: { "/account": { get: { responses: unknown } } } };
    broken.paths["/account"].get.responses = 7;
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("leads nowhere that is not there", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    const lost = references.filter(([, kind, name]) => document.components[kind!]?.[name!] === undefined);
    expect(lost.map(([reference]) => reference)).toEqual([]);
  });

  it.each(ROUTES.map((route) => [route.id, route] as const))("has %s, whole", (id, route) => {
    const operation = document.paths[openApiPath(route)]?.[route.method.toLowerCase()] as Operation;
    expect(operation.operationId).toBe(id);
    const given = (place: string) => operation.parameters.filter((each) => each.in === place).map(({ name }) => name);
    const named = (schema: unknown) => Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
    expect(given("path")).toEqual(named(route.params));
    expect([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name)).toEqual(named(route.params));
    expect(given("query")).toEqual(named(route.query));
    expect(operation.security).toHaveLength(route.kind === "open" ? 0 : 1);
    const signed = operation.parameters.filter(({ $ref }) => $ref?.endsWith("/signature")).length;
    expect(signed).toBe(route.kind === "open" ? 0 : 1);
    const type = (value: unknown) => (typeof value === "symbol" ? "application/octet-stream" : "application/json");
    const sent = Object.keys(operation.requestBody?.content ?? {});
    expect(sent).toEqual(route.body === undefined ? [] : [type(route.body)]);
    const good = operation.responses[route.reply === undefined ? "204" : "200"];
    expect(Object.keys(good?.content ?? {})).toEqual(route.reply === undefined ? [] : [type(route.reply)]);
    for (const code of ["bad_request", "internal", ...(route.errors ?? [])] as const) {
      const answer = operation.responses[String(ERROR_CODES[code][0])];
      expect(JSON.stringify(answer?.content?.["application/problem+json"])).toContain(`"${code}"`);
    }
  });

  it("has no operation that the server does not have", () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(ROUTES.map(({ id }) => id).sort());
  });
});
