/** The server's own OpenAPI document, as somebody reads it who has nothing else. */

export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

interface Content {
  readonly [type: string]: { readonly schema?: JsonSchema };
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface ContractRoute {
  readonly id: string;
  readonly method: string;
  /** Matches the paths of this route, without the prefix. */
  readonly path: RegExp;
  readonly params: Readonly<Record<string, JsonSchema>>;
  readonly query: Readonly<Record<string, JsonSchema>>;
  /** undefined: none. */
  readonly body: JsonSchema | "raw" | undefined;
  /** By status: what a success looks like, or which codes a problem may have. */
  readonly responses: ReadonlyMap<number, DocumentedResponse>;
}

export interface DocumentedResponse {
  readonly json: JsonSchema | undefined;
  readonly raw: boolean;
  readonly codes: ReadonlySet<string>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Parameters as the router takes them, empty ones included: longer ones are nobody's. */
const PARAMETER = "[A-Za-z0-9._-]{0,64}";

/** Puts schemas in the place of references. */
function resolved(value: unknown, components: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, components));
  if (typeof value !== "object" || value === null) return value;
  const { $ref } = value as { $ref?: string };
  if ($ref !== undefined) {
    const [, kind, name] = /^#\/components\/(\w+)\/([\w-]+)$/.exec($ref) as RegExpExecArray & [string, string, string];
    const target = (components as Record<string, Record<string, unknown>>)[kind]?.[name];
    if (target === undefined) throw new TypeError(`The document names ${$ref} and does not have it.`);
    return resolved(target, components);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, components)]));
}

function responseOf(content: Content = {}): DocumentedResponse {
  const problem = content["application/problem+json"]?.schema;
  const codes = (problem?.allOf ?? []).flatMap(({ properties }) => (properties?.["code"]?.enum ?? []) as string[]);
  return {
    json: content["application/json"]?.schema,
    raw: content["application/octet-stream"] !== undefined,
    codes: new Set(codes),
  };
}

function routeOf(path: string, method: string, operation: Operation): ContractRoute {
  const named = (place: string) =>
    Object.fromEntries(
      operation.parameters.filter((each) => each.in === place).map(({ name, schema }) => [name, schema]),
    );
  const content = operation.requestBody?.content;
  const json = content?.["application/json"]?.schema;
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, PARAMETER)}$`),
    params: named("path"),
    query: named("query"),
    body: content === undefined ? undefined : (json ?? "raw"),
    responses: new Map(
      Object.entries(operation.responses).map(([status, response]) => [Number(status), responseOf(response.content)]),
    ),
  };
}

export async function readContract(origin: string): Promise<ContractRoute[]> {
  const document = (await (await fetch(`${origin}/api/openapi.json`)).json()) as OpenApi;
  const paths = resolved(document.paths, document.components) as OpenApi["paths"];
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => routeOf(path, method, operation)),
  );
}
