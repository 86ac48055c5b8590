/** A schema in one readable line or block, in the notation of docs/spec/wire.md. */

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly object[];
  readonly items?: object | readonly object[];
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

const STEP = "  ";
/** Patterns of core/src/protocol/ids.ts, by what they are called in the specification. */
const PATTERNS: readonly (readonly [start: string, name: string])[] = [
  ["^[A-Za-z0-9_-]{21}", "id"],
  ["^[A-Za-z0-9_-]{42}", "hash"],
  ["^[A-Za-z0-9_-]*$", "bytes"],
  ["^[a-z0-9._-]{3,32}$", "name"],
];

function stringText({ pattern = "", minLength, maxLength }: Shape): string {
  const name = PATTERNS.find(([start]) => pattern.startsWith(start))?.[1] ?? "text";
  if (name !== "bytes" || maxLength === undefined) return name;
  const most = Math.floor((maxLength * 3) / 4);
  return minLength === maxLength ? `bytes (${most})` : `bytes (at most ${most})`;
}

function integerText({ minimum = 0, maximum }: Shape): string {
  const isLimited = maximum !== undefined && maximum < 2 ** 48 - 1;
  return isLimited ? `integer (${minimum} to ${maximum})` : "integer";
}

export function typeText(schema: object, indent = ""): string {
  const shape = schema as Shape;
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.anyOf) return shape.anyOf.map((each) => typeText(each, indent)).join(" | ");
  if (Array.isArray(shape.items)) return `[${shape.items.map((each: object) => typeText(each, indent)).join(", ")}]`;
  if (shape.type === "array") return `[${typeText(shape.items as object, indent)} …]`;
  if (shape.type === "string") return stringText(shape);
  if (shape.type === "integer" || shape.type === "number") return integerText(shape);
  if (shape.type !== "object") return shape.type ?? "anything";
  const inner = indent + STEP;
  const { properties = {}, required = [] } = shape;
  const lines = Object.entries(properties).map(
    ([name, value]) => `${inner}${name}${required.includes(name) ? "" : "?"}: ${typeText(value, inner)}`,
  );
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}
